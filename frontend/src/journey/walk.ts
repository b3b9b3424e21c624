/** Walking the graph along its edges: reading order, what comes after, where an arrow key leads. */
import { edgesOutOf, type JourneyDocument, type JourneyNode, nodeOf } from './document'
import { type Kinds, portsOf } from './kind'

/** A node's followers, in the order of its ports. */
export function following(doc: JourneyDocument, id: string, kinds: Kinds): string[] {
  const node = nodeOf(doc, id)
  if (!node) return []
  const order = portsOf(doc, node, kinds).map((port) => port.id)
  return edgesOutOf(doc, id)
    .sort((a, b) => order.indexOf(a.port) - order.indexOf(b.port))
    .map((edge) => edge.to)
}

/** Every node that can be reached from the one named, itself included. */
export function downstream(doc: JourneyDocument, id: string): Set<string> {
  const seen = new Set<string>()
  const open = [id]
  while (open.length > 0) {
    const here = open.pop() as string
    if (seen.has(here)) continue
    seen.add(here)
    for (const edge of edgesOutOf(doc, here)) open.push(edge.to)
  }
  return seen
}

export function upstream(doc: JourneyDocument, id: string): Set<string> {
  const turned = doc.edges.map((edge) => ({ from: edge.to, port: edge.port, to: edge.from }))
  return downstream({ ...doc, edges: turned }, id)
}

function byPlace(a: JourneyNode, b: JourneyNode): number {
  return a.position.y - b.position.y || a.position.x - b.position.x
}

/** The nodes where reading starts: triggers, then whatever nothing leads to, then what is left of closed circles. */
export function beginnings(doc: JourneyDocument, kinds: Kinds): JourneyNode[] {
  const reached = new Set(doc.edges.map((edge) => edge.to))
  const isTrigger = (node: JourneyNode) => kinds(node.type)?.family === 'trigger'
  const starts = doc.nodes.filter((node) => isTrigger(node) || !reached.has(node.id))
  starts.sort((a, b) => Number(isTrigger(b)) - Number(isTrigger(a)) || byPlace(a, b))
  const covered = new Set<string>()
  for (const start of starts) for (const id of downstream(doc, start.id)) covered.add(id)
  for (const node of [...doc.nodes].sort(byPlace)) {
    if (covered.has(node.id)) continue
    starts.push(node)
    for (const id of downstream(doc, node.id)) covered.add(id)
  }
  return starts
}

/** All node ids in the order a person would read them: depth first, ports left to right, each once. */
export function readingOrder(doc: JourneyDocument, kinds: Kinds): string[] {
  const order = new Set<string>()
  const visit = (id: string) => {
    const open = [id]
    while (open.length > 0) {
      const here = open.pop() as string
      if (order.has(here)) continue
      order.add(here)
      open.push(...following(doc, here, kinds).reverse())
    }
  }
  for (const start of beginnings(doc, kinds)) visit(start.id)
  return [...order]
}

export type Direction = 'up' | 'down' | 'left' | 'right'

/** Where an arrow key leads: up and down along the edges, left and right among siblings (the nearest beside). */
export function neighbour(doc: JourneyDocument, id: string, direction: Direction, kinds: Kinds): string | null {
  const node = nodeOf(doc, id)
  if (!node) return null
  if (direction === 'down') return following(doc, id, kinds)[0] ?? null
  if (direction === 'up') return doc.edges.find((edge) => edge.to === id)?.from ?? null
  const side = direction === 'left' ? -1 : 1
  const parents = new Set(doc.edges.filter((edge) => edge.to === id).map((edge) => edge.from))
  const siblings = new Set(doc.edges.filter((edge) => parents.has(edge.from)).map((edge) => edge.to))
  const beside = doc.nodes
    .filter((other) => other.id !== id && (other.position.x - node.position.x) * side > 0)
    .map((other) => {
      const across = Math.abs(other.position.x - node.position.x)
      const along = Math.abs(other.position.y - node.position.y)
      return { id: other.id, distance: across + along * 3 - (siblings.has(other.id) ? 10_000 : 0) }
    })
    .sort((a, b) => a.distance - b.distance)
  return beside[0]?.id ?? null
}
