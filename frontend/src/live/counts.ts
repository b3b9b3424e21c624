/**
 * The numbers on a live canvas, outside of React's state.
 *
 * Keys: a node's id, "node:port" for an edge, "outcomes" for the journey. Each reader subscribes to its own key and hears
 * of changes of that key alone: five hundred labels must not be drawn again because one of them moved.
 */
import { useCallback, useSyncExternalStore } from 'react'
import type { Flow, NodeCount, Outcomes } from '../api/types'

export type Moved = Record<string, number>
type Listener = () => void
type MovedListener = (moved: Moved) => void

export class Counts {
  private flow: Flow | null = null
  private listeners = new Map<string, Set<Listener>>()
  private movers = new Set<MovedListener>()

  get latest(): Flow | null {
    return this.flow
  }

  node = (id: string): NodeCount | undefined => this.flow?.nodes[id]
  edge = (key: string): number | undefined => this.flow?.edges[key]
  outcomes = (): Outcomes | undefined => this.flow?.outcomes

  /** `moved`: how many left by which port since the last time; for dots that travel, not for counting. */
  apply(flow: Flow, moved?: Moved): void {
    const before = this.flow
    this.flow = keepEqual(before, flow)
    for (const key of changedKeys(before, this.flow)) {
      for (const listener of this.listeners.get(key) ?? []) listener()
    }
    if (moved && Object.keys(moved).length > 0) for (const listener of this.movers) listener(moved)
  }

  clear(): void {
    const before = this.flow
    this.flow = null
    for (const key of changedKeys(before, null)) for (const listener of this.listeners.get(key) ?? []) listener()
  }

  subscribe(key: string, listener: Listener): () => void {
    const known = this.listeners.get(key) ?? new Set()
    this.listeners.set(key, known.add(listener))
    return () => {
      known.delete(listener)
      if (known.size === 0 && this.listeners.get(key) === known) this.listeners.delete(key)
    }
  }

  onMoved(listener: MovedListener): () => void {
    this.movers.add(listener)
    return () => {
      this.movers.delete(listener)
    }
  }
}

/** Objects that did not change keep their identity, so that a reader can compare by `===`. */
function keepEqual(before: Flow | null, now: Flow): Flow {
  if (!before) return now
  const nodes: Flow['nodes'] = {}
  for (const [id, count] of Object.entries(now.nodes)) {
    const old = before.nodes[id]
    nodes[id] = old && sameNode(old, count) ? old : count
  }
  const outcomes = sameOutcomes(before.outcomes, now.outcomes) ? before.outcomes : now.outcomes
  return { ...now, nodes, outcomes }
}

function sameNode(a: NodeCount, b: NodeCount): boolean {
  return a.entered === b.entered && a.inside === b.inside && a.left === b.left
}

function sameOutcomes(a: Outcomes, b: Outcomes): boolean {
  return (Object.keys(b) as (keyof Outcomes)[]).every((key) => a[key] === b[key])
}

function* changedKeys(before: Flow | null, now: Flow | null): Iterable<string> {
  for (const id of new Set([...Object.keys(before?.nodes ?? {}), ...Object.keys(now?.nodes ?? {})])) {
    if (before?.nodes[id] !== now?.nodes[id]) yield id
  }
  for (const key of new Set([...Object.keys(before?.edges ?? {}), ...Object.keys(now?.edges ?? {})])) {
    if (before?.edges[key] !== now?.edges[key]) yield key
  }
  if (before?.outcomes !== now?.outcomes) yield 'outcomes'
  if (before?.version !== now?.version) yield 'version'
}

/** What stands on one node; undefined before the first numbers have come. */
export function useNodeCount(counts: Counts, id: string): NodeCount | undefined {
  const subscribe = useCallback((listener: Listener) => counts.subscribe(id, listener), [counts, id])
  return useSyncExternalStore(subscribe, () => counts.node(id))
}

/** How many left `node` by `port`. */
export function useEdgeCount(counts: Counts, node: string, port: string): number | undefined {
  const key = `${node}:${port}`
  const subscribe = useCallback((listener: Listener) => counts.subscribe(key, listener), [counts, key])
  return useSyncExternalStore(subscribe, () => counts.edge(key))
}

export function useOutcomes(counts: Counts): Outcomes | undefined {
  const subscribe = useCallback((listener: Listener) => counts.subscribe('outcomes', listener), [counts])
  return useSyncExternalStore(subscribe, counts.outcomes)
}
