/**
 * What the server says, derived from the generated description of its API.
 *
 * Instants are ISO strings with milliseconds and Z; counts are integers. Where the description is wider than what the
 * server promises elsewhere (a text that is one of four words), it is narrowed here; a narrowing that no longer fits
 * the description does not compile.
 */
import type { components, paths } from './generated/schema'

type Schemas = components['schemas']

/** In answers nothing is left out: the description marks as required only what is asked of callers. */
type Whole<T> = T extends (infer Item)[]
  ? Whole<Item>[]
  : T extends object
    ? { [K in keyof T]-?: WithoutEmpty<Whole<T[K]>> }
    : T

/** "An empty object or null or X" is how the description says that X may be null. */
type WithoutEmpty<T> = T extends Record<string, never> ? (Record<string, never> extends T ? never : T) : T

type Narrowed<T, Narrow extends { [K in keyof Narrow]: K extends keyof T ? T[K] : never }> = Omit<T, keyof Narrow> &
  Narrow

type Parameter<Name extends string> = Name extends `${string}_id` | 'number' ? number : string
type Filled<Path extends string> = Path extends `${infer Before}{${infer Name}}${infer After}`
  ? `${Before}${Parameter<Name>}${Filled<After>}`
  : Path

/** Every address the API has, with its parameters filled in: a slip in one does not compile. */
export type Address = Filled<keyof paths & string>

export type Instant = string

export interface Paged<T> {
  items: T[]
  next: string | null
}

/** A page that also knows how many there are in all. */
export interface Counted<T> extends Paged<T> {
  total: number
}

export type Session = Whole<Schemas['SessionShown']>
export type User = Whole<Schemas['SessionUser']>
export type Workspace = Whole<Schemas['WorkspaceShown']>
export type WorkspaceMode = Workspace['mode']
/** `speed` is days of sample time per second. */
export type Sample = Narrowed<Whole<Schemas['SampleShown']>, { mode: WorkspaceMode }>

export type Journey = Whole<Omit<Schemas['JourneyShown'], 'draft'>> & { draft: JourneyDocument }
export type JourneyStatus = Journey['status']
export type Family = 'trigger' | 'wait' | 'branch' | 'send' | 'action' | 'people' | 'end'
export type Thumbnail = Narrowed<
  Whole<Schemas['Thumbnail']>,
  { nodes: { x: number; y: number; family: Family }[]; edges: [number, number][] }
>
export type JourneySummary = Narrowed<Whole<Schemas['JourneyItem']>, { status: JourneyStatus; thumbnail: Thumbnail }>
export type VersionInfo = Whole<Schemas['VersionItem']>
export type Problem = Whole<Schemas['JourneyProblem']>

/** The journey as JSON: what is exported and imported. `settings` and its keys are optional. */
export interface JourneyDocument {
  format: string
  name: string
  settings?: Record<string, unknown>
  nodes: {
    id: string
    type: string
    name?: string
    position: { x: number; y: number }
    config: Record<string, unknown>
  }[]
  edges: { from: string; port: string; to: string }[]
  [more: string]: unknown
}

/** Counts of a journey. Edges are keyed "node:port", never by an edge's id. */
export type Flow = Whole<Schemas['FlowShown']>
export type NodeCount = Whole<Schemas['NodeCount']>
export type Outcomes = Whole<Schemas['Outcomes']>
export type PersonHere = Whole<Schemas['PersonThere']>
export type TestSent = Whole<Schemas['TrialShown']>
export type KindInfo = Narrowed<Whole<Schemas['KindShown']>, { family: Family }>

export type ContactRef = Whole<Schemas['ContactShort']>
export type FieldValue = string | number | boolean | null | string[]
export type Contact = Narrowed<Whole<Schemas['ContactShown']>, { fields: Record<string, FieldValue> }>
export type Whereabouts = Whole<Schemas['Whereabouts']>
/** A contact, and where they are in journeys just now. */
export type ContactWhole = Contact & { now: Whereabouts[] }
export type TimelineItem = Whole<Schemas['Happened']>
export type ImportPreview = Whole<Schemas['PreviewShown']>
export type Task = Narrowed<
  Whole<Schemas['TaskShown']>,
  {
    report: {
      created?: number
      updated?: number
      unchanged?: number
      rejected?: { row: number; field: string | null; reason: string }[]
      rejected_total?: number
      error?: string
    }
  }
>
export type Field = Whole<Schemas['FieldShown']>
export type FieldType = Field['type']
export type FieldValueCount = Narrowed<Whole<Schemas['ValueShown']>, { value: FieldValue }>

export type EventName = Whole<Schemas['EventName']>
export type EventRow = Whole<Schemas['EventShown']>
export type RejectedCall = Whole<Schemas['RejectedShown']>
export type TagCount = Whole<Schemas['TagShown']>

export type Message = Whole<Schemas['MessageShown']>
export type MessageFull = Whole<Schemas['MessageFull']>
export type DeliveryState = Message['state']
/** By node; states nobody is in may be left out. */
export type Deliveries = Omit<Whole<Schemas['Deliveries']>, 'nodes'> & {
  nodes: Record<string, Partial<Record<DeliveryState | 'opened' | 'clicked', number>>>
}

/** `password` is only ever sent: empty keeps the stored one. */
export type EmailChannel = Whole<Schemas['EmailShown']> & { password?: string }
export type Key = Narrowed<Whole<Schemas['KeyShown']>, { kind: 'api' | 'write' }>
