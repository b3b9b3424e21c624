/** What the server says, in its own words. Instants are ISO strings with milliseconds and Z; counts are integers. */

export type Instant = string

export interface Paged<T> {
  items: T[]
  next: string | null
}

/** A page that also knows how many there are in all. */
export interface Counted<T> extends Paged<T> {
  total: number
}

export interface User {
  id: number
  email: string
  name: string
}

export type WorkspaceMode = 'live' | 'sample'

export interface Session {
  user: User | null
  csrf: string | null
  needs_setup: boolean
  workspace: { name: string; mode: WorkspaceMode; timezone: string; sample_at: Instant | null } | null
}

export interface Workspace {
  name: string
  timezone: string
  postal_address: string
  mode: WorkspaceMode
  sample_at: Instant | null
}

/** `speed` is days of sample time per second. */
export interface Sample {
  mode: WorkspaceMode
  at: Instant
  playing: boolean
  speed: number
  from: Instant
  until: Instant
  done: boolean
  events_total: number
  events_played: number
  contacts: number
}

export type JourneyStatus = 'draft' | 'live' | 'paused' | 'stopped'
export type Family = 'trigger' | 'wait' | 'branch' | 'send' | 'action' | 'people' | 'end'

export interface Thumbnail {
  nodes: { x: number; y: number; family: Family }[]
  edges: [number, number][]
}

export interface JourneySummary {
  id: number
  name: string
  status: JourneyStatus
  inside: number
  entered: number
  completed: number
  converted: number
  messages: number
  version: number | null
  has_changes: boolean
  last_moved_at: Instant | null
  updated_at: Instant
  fault: string | null
  thumbnail: Thumbnail
}

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

export interface Journey {
  id: number
  name: string
  status: JourneyStatus
  revision: number
  draft: JourneyDocument
  version: { number: number; published_at: Instant } | null
  has_changes: boolean
  updated_at: Instant
  fault: string | null
}

export interface Problem {
  severity: 'error' | 'warning'
  code: string
  node: string | null
  field: string | null
  message: string
  fix: string
}

export interface NodeCount {
  entered: number
  inside: number
  left: number
}

export interface Outcomes {
  entered: number
  inside: number
  completed: number
  exited: number
  failed: number
  converted: number
}

/** Counts of one version. Edges are keyed "node:port", never by an edge's id. */
export interface Flow {
  version: number | null
  seq: number
  at: Instant
  nodes: Record<string, NodeCount>
  edges: Record<string, number>
  outcomes: Outcomes
}

export interface PersonHere {
  contact: ContactRef
  since: Instant
  due_at: Instant | null
  passage: number
}

export interface ContactRef {
  id: number
  user_id: string | null
  email: string | null
}

export type DeliveryState =
  | 'pending'
  | 'sending'
  | 'data'
  | 'sent'
  | 'delivered'
  | 'failed'
  | 'unknown'
  | 'skipped'
  | 'bounced'
  | 'complained'

export interface Deliveries {
  nodes: Record<string, Partial<Record<DeliveryState | 'opened' | 'clicked', number>>>
  reasons: { node: string; state: DeliveryState; reason: string | null; n: number }[]
}

export interface TestSent {
  state: DeliveryState
  receipt?: string | null
  error?: string | null
  subject: string | null
}

export interface KindInfo {
  type: string
  family: Family
  title: string
  help: string
  ports: string[]
  schema: Record<string, unknown>
  available: boolean
}

export type FieldValue = string | number | boolean | null | string[]

export interface Contact {
  id: number
  user_id: string | null
  email: string | null
  phone: string | null
  timezone: string | null
  tags: string[]
  consent: { unsubscribed: boolean; at: Instant | null; source: string | null }
  fields: Record<string, FieldValue>
  created_at: Instant | null
}

export interface TimelineItem {
  at: Instant
  kind: 'event' | 'step' | 'message' | 'consent'
  title: string
  journey: { id: number; name: string } | null
  node: string | null
  detail: unknown
}

export interface ImportPreview {
  columns: { name: string; guess: string | null; type: string; samples: string[] }[]
  rows: number
  encoding: string
}

export interface Task {
  id: number
  kind: string
  state: 'running' | 'done' | 'failed' | 'canceled'
  done: number
  total: number | null
  report: {
    created?: number
    updated?: number
    unchanged?: number
    rejected?: { row: number; field: string | null; reason: string }[]
    rejected_total?: number
    error?: string
  }
}

export type FieldType = 'text' | 'number' | 'boolean' | 'date' | 'datetime' | 'list'

export interface Field {
  name: string
  type: FieldType
  label: string
  values?: string[]
  built_in?: boolean
}

export interface FieldValueCount {
  value: FieldValue
  n: number
}

export interface EventName {
  name: string
  n: number
  last_at: Instant | null
  properties: string[]
}

export interface EventRow {
  id: number
  contact: ContactRef
  name: string
  at: Instant
  properties: Record<string, unknown> | null
}

export interface RejectedCall {
  at: Instant
  field: string | null
  reason: string
  payload: string
}

export interface TagCount {
  tag: string
  n: number
}

export interface Message {
  id: number
  journey: { id: number; name: string }
  node: string
  contact: ContactRef
  channel: string
  purpose: string
  state: DeliveryState
  reason: string | null
  error: string | null
  subject: string | null
  at: Instant
  send_at: Instant | null
  sent_at: Instant | null
  opened_at: Instant | null
  clicked_at: Instant | null
}

export interface MessageFull extends Message {
  address: string | null
  body: string | null
  html: string | null
  text: string | null
  receipt: string | null
  headers: Record<string, string>
}

export interface EmailChannel {
  mode: 'test' | 'smtp'
  host: string
  port: number
  security: 'none' | 'starttls' | 'tls'
  username: string
  password?: string
  has_password: boolean
  from_name: string
  from_email: string
  reply_to: string
}

export interface Key {
  id: number
  kind: 'api' | 'write'
  name: string
  hint: string
  created_at: Instant
  last_used_at: Instant | null
  revoked_at: Instant | null
}

export interface VersionInfo {
  number: number
  published_at: Instant
  published_by: string
}
