/**
 * The journey document as it is stored and exported: `sojourn/journey@1`.
 *
 * Everything here is immutable data. Keys this program does not know (`notes`, `scenarios`, kinds of other packages)
 * pass through untouched, so that saving never drops what somebody else wrote.
 */
import type { Condition } from '../conditions/condition'
import type { Duration } from './duration'

export const FORMAT = 'sojourn/journey@1'

export interface Point {
  readonly x: number
  readonly y: number
}

export type Config = Readonly<Record<string, unknown>>

export interface JourneyNode {
  readonly id: string
  /** The node's kind, such as `wait.for`. */
  readonly type: string
  readonly name?: string
  readonly position: Point
  readonly config: Config
}

export interface JourneyEdge {
  readonly from: string
  readonly port: string
  readonly to: string
}

export interface Reentry {
  readonly allow?: 'never' | 'after_exit' | 'always'
  readonly not_before?: Duration
}

export interface JourneySettings {
  readonly timezone?: string
  readonly reentry?: Reentry
  readonly exit?: Condition | null
  readonly [key: string]: unknown
}

export interface JourneyDocument {
  readonly format: string
  readonly name: string
  readonly settings?: JourneySettings
  readonly nodes: readonly JourneyNode[]
  readonly edges: readonly JourneyEdge[]
  readonly [key: string]: unknown
}

export function emptyJourney(name: string): JourneyDocument {
  return { format: FORMAT, name, nodes: [], edges: [] }
}

/** The document a server answered, with what a careless file may leave out filled in. */
export function normalised(raw: Partial<JourneyDocument> & { readonly name?: string }): JourneyDocument {
  const nodes = (raw.nodes ?? []).map((node, index) => ({
    ...node,
    position: node.position ?? { x: 0, y: index * 168 },
    config: node.config ?? {},
  }))
  return { ...raw, format: raw.format ?? FORMAT, name: raw.name ?? '', nodes, edges: raw.edges ?? [] }
}

export function nodeOf(doc: JourneyDocument, id: string): JourneyNode | undefined {
  return doc.nodes.find((node) => node.id === id)
}

export function edgeAt(doc: JourneyDocument, from: string, port: string): JourneyEdge | undefined {
  return doc.edges.find((edge) => edge.from === from && edge.port === port)
}

export function edgesInto(doc: JourneyDocument, id: string): JourneyEdge[] {
  return doc.edges.filter((edge) => edge.to === id)
}

export function edgesOutOf(doc: JourneyDocument, id: string): JourneyEdge[] {
  return doc.edges.filter((edge) => edge.from === id)
}

/** An edge's stable name: edges have no id of their own, a port has at most one edge. */
export function edgeKey(edge: { readonly from: string; readonly port: string }): string {
  return `${edge.from}:${edge.port}`
}

/** A free, short, readable id: `wait-1`, `wait-2`. Numbers go on from the highest, so an id is rarely used twice. */
export function freeId(taken: Iterable<string>, stem: string): string {
  let highest = 0
  for (const id of taken) {
    const match = id.startsWith(`${stem}-`) ? Number(id.slice(stem.length + 1)) : Number.NaN
    if (Number.isInteger(match) && match > highest) highest = match
  }
  return `${stem}-${highest + 1}`
}

/** Whether two documents say the same: the order of keys and empty settings don't count, the order of nodes does. */
export function isSameDocument(a: JourneyDocument, b: JourneyDocument): boolean {
  const text = (doc: JourneyDocument) => stableText({ ...normalised(doc), settings: doc.settings ?? {} })
  return text(a) === text(b)
}

function stableText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}
