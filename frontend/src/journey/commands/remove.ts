import type { JourneyDocument, JourneyEdge } from '../document'
import { type Kinds, portsOf } from '../kind'
import { type Change, stepsWord } from './change'

/**
 * Delete steps and join what they stood between.
 *
 * Whoever led to a deleted step now leads where its first connected port led (and on, through a chain of deleted
 * steps). A branch keeps its first way; the others are left without a beginning, for the author to see.
 */
export function remove(doc: JourneyDocument, ids: Iterable<string>, kinds: Kinds): Change | null {
  const gone = new Set([...ids].filter((id) => doc.nodes.some((node) => node.id === id)))
  if (gone.size === 0) return null
  const edges: JourneyEdge[] = []
  for (const edge of doc.edges) {
    if (gone.has(edge.from)) continue
    const to = gone.has(edge.to) ? successor(doc, edge.to, gone, kinds) : edge.to
    if (to !== null && to !== edge.from) edges.push(to === edge.to ? edge : { ...edge, to })
  }
  const nodes = doc.nodes.filter((node) => !gone.has(node.id))
  return { name: `delete ${stepsWord(gone.size)}`, doc: { ...doc, nodes, edges }, select: [] }
}

function successor(doc: JourneyDocument, id: string, gone: ReadonlySet<string>, kinds: Kinds): string | null {
  const seen = new Set<string>()
  let here: string | null = id
  while (here !== null && gone.has(here)) {
    if (seen.has(here)) return null
    seen.add(here)
    here = firstTarget(doc, here, kinds)
  }
  return here
}

function firstTarget(doc: JourneyDocument, id: string, kinds: Kinds): string | null {
  const node = doc.nodes.find((one) => one.id === id)
  if (!node) return null
  for (const port of portsOf(doc, node, kinds)) {
    const edge = doc.edges.find((one) => one.from === id && one.port === port.id)
    if (edge) return edge.to
  }
  return null
}
