/**
 * The condition language as JSON: one language for branches, triggers, exits and filters.
 *
 * What this program does not know stays as it was written (`Unknown`), is shown as it is, and is saved unchanged.
 */
import type { Duration } from '../journey/duration'

export const FIELD_OPS = [
  'is',
  'is_not',
  'one_of',
  'contains',
  'starts_with',
  'ends_with',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'is_set',
  'is_not_set',
  'before',
  'after',
  'in_last',
  'not_in_last',
  'in_next',
] as const
export type FieldOp = (typeof FIELD_OPS)[number]

export const MESSAGE_STATES = ['sent', 'delivered', 'opened', 'clicked', 'bounced'] as const
export type MessageState = (typeof MESSAGE_STATES)[number]

export interface All {
  readonly all: readonly Condition[]
}
export interface Any {
  readonly any: readonly Condition[]
}
export interface Not {
  readonly not: Condition
}
export interface FieldTest {
  readonly field: string
  readonly op: FieldOp
  readonly value?: unknown
}
interface Behaviour {
  readonly where?: Condition | null
  readonly at_least?: number
  readonly within?: Duration
}
export interface Did extends Behaviour {
  readonly did: string
}
export interface DidNot extends Behaviour {
  readonly did_not: string
}
export interface HasTag {
  readonly has_tag: string
}
export interface MessageWas {
  readonly message: string
  readonly was: MessageState
}
export interface Unknown {
  readonly [key: string]: unknown
}

export type Condition = All | Any | Not | FieldTest | Did | DidNot | HasTag | MessageWas | Unknown

export type Shape = 'all' | 'any' | 'not' | 'field' | 'did' | 'did_not' | 'has_tag' | 'message' | 'unknown'

const SHAPES: readonly Shape[] = ['all', 'any', 'not', 'field', 'did', 'did_not', 'has_tag', 'message']

/** Which of the shapes it is, told by its key. */
export function shapeOf(condition: Condition): Shape {
  const record = condition as Record<string, unknown>
  const shape = SHAPES.find((key) => key in record)
  if (shape === undefined) return 'unknown'
  if (shape === 'all' || shape === 'any') return Array.isArray(record[shape]) ? shape : 'unknown'
  if (shape === 'not') return typeof record.not === 'object' && record.not !== null ? shape : 'unknown'
  return typeof record[shape] === 'string' ? shape : 'unknown'
}

export type Combinator = 'all' | 'any'

/** A group of conditions as the builder edits it: how they are joined, and the list. */
export interface Group {
  readonly combinator: Combinator
  readonly items: readonly Condition[]
}

/** Any condition as a group: a single one becomes a group of one, nothing becomes an empty group. */
export function asGroup(condition: Condition | null | undefined): Group {
  if (!condition) return { combinator: 'all', items: [] }
  const shape = shapeOf(condition)
  if (shape === 'all') return { combinator: 'all', items: (condition as All).all }
  if (shape === 'any') return { combinator: 'any', items: (condition as Any).any }
  return { combinator: 'all', items: [condition] }
}

/** The group as JSON again: null when empty, the bare condition when there is one and nothing joins it. */
export function fromGroup(group: Group): Condition | null {
  if (group.items.length === 0) return null
  if (group.items.length === 1 && group.combinator === 'all') return group.items[0] as Condition
  return group.combinator === 'all' ? { all: group.items } : { any: group.items }
}
