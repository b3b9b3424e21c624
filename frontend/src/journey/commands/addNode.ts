import { freeId, type JourneyDocument, type JourneyNode, nodeOf, type Point } from '../document'
import { type KindDefinition, type Kinds, portsOf } from '../kind'
import { freePlace, makeRoom, placeUnder, snapped } from '../place'
import { CARD_WIDTH, type Size, sizeFor } from '../size'
import type { Change } from './change'

/** A way out of a node, as a place to add at. */
export interface At {
  readonly from: string
  readonly port: string
}

function newNode(doc: JourneyDocument, kind: KindDefinition, position: Point): JourneyNode {
  const id = freeId(
    doc.nodes.map((node) => node.id),
    kind.stem,
  )
  return { id, type: kind.type, position: snapped(position), config: kind.defaults() }
}

function sizeOfNew(kind: KindDefinition): Size {
  return sizeFor(kind.ports(kind.defaults()))
}

/** Add a step on empty canvas, its card's middle at `middle`, beside whatever is there already. */
export function addNode(doc: JourneyDocument, kind: KindDefinition, middle: Point, kinds: Kinds): Change {
  const size = sizeOfNew(kind)
  const wish = { x: middle.x - size.width / 2, y: middle.y - size.height / 2 }
  const node = newNode(doc, kind, freePlace(doc, wish, size, kinds))
  return { name: `add ${kind.title}`, doc: { ...doc, nodes: [...doc.nodes, node] }, select: [node.id] }
}

/**
 * Add a step at a port: behind it when the port is open, into its edge when it leads somewhere.
 *
 * Inside an edge the rest goes on from the new step's first port; an end has none, and then the old way is cut.
 */
export function addAt(doc: JourneyDocument, kind: KindDefinition, at: At, kinds: Kinds): Change | null {
  const source = nodeOf(doc, at.from)
  if (!source || kind.family === 'trigger') return null
  const old = doc.edges.find((edge) => edge.from === at.from && edge.port === at.port)
  const size = sizeOfNew(kind)
  const next = old && nodeOf(doc, old.to)
  const position =
    next && next.position.y > source.position.y
      ? { x: next.position.x + (widthOf(doc, next, kinds) - size.width) / 2, y: next.position.y }
      : placeUnder(doc, at.from, at.port, size, kinds)
  const node = newNode(doc, kind, position)
  const onward = kind.ports(node.config)[0]
  const edges = doc.edges.filter((edge) => edge !== old)
  edges.push({ from: at.from, port: at.port, to: node.id })
  if (old && onward) edges.push({ from: node.id, port: onward.id, to: old.to })
  const drawn = { ...doc, nodes: [...doc.nodes, node], edges }
  const roomy = old ? makeRoom(drawn, node.id, old.to, kinds) : drawn
  return { name: `add ${kind.title}`, doc: roomy, select: [node.id] }
}

function widthOf(doc: JourneyDocument, node: JourneyNode, kinds: Kinds): number {
  return kinds(node.type) ? sizeFor(portsOf(doc, node, kinds)).width : CARD_WIDTH
}
