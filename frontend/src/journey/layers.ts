/**
 * The shape of a journey for laying it out: rows, and for every step the last step all ways to it have passed.
 *
 * Edges that lead back up are left out; they are drawn beside.
 */
import { edgesOutOf, type JourneyDocument } from './document'
import { type Kinds, portsOf } from './kind'
import { beginnings } from './walk'

/** The step above all beginnings, which nobody sees. */
export const ROOT = ''

export interface Way {
  readonly port: string
  readonly to: string
}

export interface Layers {
  /** Ways forward, ports left to right; those of ROOT are the beginnings. */
  readonly ways: ReadonlyMap<string, readonly Way[]>
  readonly into: ReadonlyMap<string, readonly string[]>
  /** Every step is below all that lead to it; ROOT is row -1. */
  readonly row: ReadonlyMap<string, number>
  /** The nearest step that every way to this one passes: the branch that a merge belongs to. */
  readonly gate: ReadonlyMap<string, string>
}

export function layersOf(doc: JourneyDocument, ids: ReadonlySet<string>, kinds: Kinds): Layers {
  const part = {
    ...doc,
    nodes: doc.nodes.filter((node) => ids.has(node.id)),
    edges: doc.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)),
  }
  const ways = new Map<string, Way[]>([[ROOT, beginnings(part, kinds).map((node) => ({ port: node.id, to: node.id }))]])
  for (const node of part.nodes) {
    const order = portsOf(part, node, kinds).map((port) => port.id)
    const out = edgesOutOf(part, node.id).sort((a, b) => order.indexOf(a.port) - order.indexOf(b.port))
    ways.set(node.id, out)
  }
  const sorted = withoutBackEdges(ways)
  const into = new Map<string, string[]>(sorted.map((id) => [id, []]))
  for (const from of sorted) for (const way of ways.get(from) ?? []) into.get(way.to)?.push(from)
  return { ways, into, ...rowsAndGates(sorted, into) }
}

/** Takes edges that close a circle out of `ways`; answers all steps, each after everything that leads to it. */
function withoutBackEdges(ways: Map<string, Way[]>): string[] {
  const state = new Map<string, 'open' | 'done'>()
  const finished: string[] = []
  const stack: { id: string; next: number }[] = [{ id: ROOT, next: 0 }]
  state.set(ROOT, 'open')
  while (stack.length > 0) {
    const top = stack.at(-1) as { id: string; next: number }
    const way = ways.get(top.id)?.[top.next]
    if (!way) {
      state.set(top.id, 'done')
      finished.push(top.id)
      stack.pop()
    } else if (state.get(way.to) === 'open') {
      ways.get(top.id)?.splice(top.next, 1)
    } else {
      top.next += 1
      if (state.has(way.to)) continue
      state.set(way.to, 'open')
      stack.push({ id: way.to, next: 0 })
    }
  }
  return finished.reverse()
}

function rowsAndGates(sorted: readonly string[], into: ReadonlyMap<string, readonly string[]>) {
  const row = new Map<string, number>([[ROOT, -1]])
  const gate = new Map<string, string>()
  const depth = new Map<string, number>([[ROOT, 0]])
  const shared = (a: string, b: string): string => {
    let [one, other] = [a, b]
    while (one !== other) {
      if ((depth.get(one) as number) >= (depth.get(other) as number)) one = gate.get(one) as string
      else other = gate.get(other) as string
    }
    return one
  }
  for (const id of sorted) {
    if (id === ROOT) continue
    const from = into.get(id) as readonly string[]
    row.set(id, Math.max(...from.map((one) => row.get(one) as number)) + 1)
    const last = from.reduce(shared)
    gate.set(id, last)
    depth.set(id, (depth.get(last) as number) + 1)
  }
  return { row, gate }
}
