/**
 * The one place that speaks the canvas library's shapes.
 *
 * Objects of cards and lines that did not change are handed out again, so that the library draws only what did. Counts
 * are never in here: five hundred of them would make five hundred new objects ten times a second.
 */
import { type Edge, type Node, Position } from '@xyflow/react'
import { edgeKey, type JourneyDocument, type JourneyNode, type Point } from '../journey/document'
import { type Family, familyOf, type Kinds, type Port, portsOf, sentenceOf } from '../journey/kind'
import { portOffset, type Size, sizeFor } from '../journey/size'
import { readingOrder } from '../journey/walk'

export const IN = 'in'

export interface CardPort extends Port {
  readonly isOpen: boolean
}

export interface CardData {
  [key: string]: unknown
  readonly type: string
  readonly family: Family
  readonly title: string
  readonly sentence: string
  readonly ports: readonly CardPort[]
}

export type Card = Node<CardData, 'card'>
export type Line = Edge<{ port: string; family: Family }, 'line'>

interface Looks {
  readonly selected: ReadonlySet<string>
  readonly dragged: Readonly<Record<string, Point>>
}

/** What the cards say, in reading order: the order of Tab and of a screen reader. It changes with the document alone. */
export interface Described {
  readonly nodes: readonly JourneyNode[]
  readonly data: ReadonlyMap<string, CardData>
}

export function describe(doc: JourneyDocument, kinds: Kinds, before: Described | null): Described {
  const byId = new Map(doc.nodes.map((node) => [node.id, node]))
  const connected = new Set(doc.edges.filter((edge) => byId.has(edge.to)).map(edgeKey))
  const nodes = readingOrder(doc, kinds).flatMap((id) => byId.get(id) ?? [])
  const data = new Map(nodes.map((node) => [node.id, dataOf(doc, node, connected, kinds, before?.data.get(node.id))]))
  return { nodes, data }
}

export function toCards({ nodes, data }: Described, looks: Looks, before: ReadonlyMap<string, Card>): Card[] {
  return nodes.map((node) => {
    const said = data.get(node.id) as CardData
    const old = before.get(node.id)
    const position = looks.dragged[node.id] ?? node.position
    const selected = looks.selected.has(node.id)
    const isSame = old && old.data === said && old.selected === selected && isSamePoint(old.position, position)
    return isSame ? old : card(node.id, said, position, selected)
  })
}

function dataOf(
  doc: JourneyDocument,
  node: JourneyNode,
  connected: ReadonlySet<string>,
  kinds: Kinds,
  old: CardData | undefined,
): CardData {
  const ports = portsOf(doc, node, kinds).map((port) => ({
    ...port,
    isOpen: !connected.has(edgeKey({ from: node.id, port: port.id })),
  }))
  const data: CardData = {
    type: node.type,
    family: familyOf(node.type, kinds),
    title: kinds(node.type)?.title ?? node.type,
    sentence: sentenceOf(doc, node, kinds),
    ports,
  }
  return old && JSON.stringify(old) === JSON.stringify(data) ? old : data
}

function card(id: string, data: CardData, position: Point, selected: boolean): Card {
  const size = sizeFor(data.ports)
  return {
    id,
    type: 'card',
    data,
    position: { ...position },
    selected,
    // Over the lines and the dots that travel on them.
    zIndex: 1,
    ...size,
    measured: size,
    handles: handles(data, size),
    ariaLabel: `${data.title}: ${data.sentence}`,
  }
}

/** Said in advance, so that edges are right before the browser has measured anything. */
function handles(data: CardData, size: Size): Card['handles'] {
  const out = data.ports.map((port, index) => ({
    id: port.id,
    type: 'source' as const,
    position: Position.Bottom,
    x: portOffset(index, data.ports.length, size.width) - 8,
    y: size.height - 16,
    width: 16,
    height: 16,
  }))
  if (data.family === 'trigger') return out
  return [...out, { id: IN, type: 'target' as const, position: Position.Top, x: 0, y: 0, ...size }]
}

export function toLines(
  doc: JourneyDocument,
  selected: ReadonlySet<string>,
  kinds: Kinds,
  before: ReadonlyMap<string, Line>,
): Line[] {
  const byId = new Map(doc.nodes.map((node) => [node.id, node]))
  return doc.edges.flatMap((edge) => {
    const source = byId.get(edge.from)
    if (!source || !byId.has(edge.to)) return []
    if (!portsOf(doc, source, kinds).some((port) => port.id === edge.port)) return []
    const id = edgeKey(edge)
    const old = before.get(id)
    const isSelected = selected.has(id)
    const family = familyOf(source.type, kinds)
    if (old?.target === edge.to && old.selected === isSelected && old.data?.family === family) return [old]
    return [
      {
        id,
        type: 'line' as const,
        source: edge.from,
        sourceHandle: edge.port,
        target: edge.to,
        targetHandle: IN,
        selected: isSelected,
        data: { port: edge.port, family },
      },
    ]
  })
}

function isSamePoint(a: Point, b: Point): boolean {
  return a.x === b.x && a.y === b.y
}

export function byId<T extends { readonly id: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]))
}
