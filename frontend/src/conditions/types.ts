/** Which comparisons fit which type of field, and what a new condition starts with. */
import type { Condition, FieldOp, FieldTest } from './condition'

/** `any`: a property of an event, whose type nobody has registered; it is compared as what is written. */
export type ValueType = 'text' | 'number' | 'boolean' | 'date' | 'list' | 'any'

/** A field the builder offers: of the contact, or a property of an event. */
export interface FieldChoice {
  readonly name: string
  readonly label: string
  readonly type: ValueType
}

const TEXT: readonly FieldOp[] = [
  'is',
  'is_not',
  'one_of',
  'contains',
  'starts_with',
  'ends_with',
  'is_set',
  'is_not_set',
]

export const OPS: Readonly<Record<ValueType, readonly FieldOp[]>> = {
  text: TEXT,
  number: ['is', 'is_not', 'gt', 'gte', 'lt', 'lte', 'between', 'one_of', 'is_set', 'is_not_set'],
  boolean: ['is', 'is_set', 'is_not_set'],
  date: ['in_last', 'not_in_last', 'in_next', 'before', 'after', 'is', 'between', 'is_set', 'is_not_set'],
  list: ['contains', 'is_set', 'is_not_set'],
  any: [
    'is',
    'is_not',
    'gt',
    'gte',
    'lt',
    'lte',
    'between',
    'one_of',
    'contains',
    'starts_with',
    'before',
    'after',
    'in_last',
    'is_set',
    'is_not_set',
  ],
}

/** The value kinds a comparison is edited with. */
export type Editing = 'none' | 'one' | 'several' | 'two' | 'duration'

export function editingOf(op: FieldOp): Editing {
  if (op === 'is_set' || op === 'is_not_set') return 'none'
  if (op === 'in_last' || op === 'not_in_last' || op === 'in_next') return 'duration'
  if (op === 'one_of') return 'several'
  return op === 'between' ? 'two' : 'one'
}

/** The comparison after choosing another op: the value is kept where it still fits. */
export function withOp(test: FieldTest, op: FieldOp, type: ValueType): FieldTest {
  const editing = editingOf(op)
  const { field } = test
  if (editing === 'none') return { field, op }
  if (editing === editingOf(test.op) && test.value !== undefined) return { field, op, value: test.value }
  if (editing === 'duration') return { field, op, value: { amount: 7, unit: 'days' } }
  if (editing === 'two') return { field, op, value: type === 'number' ? [0, 10] : ['', ''] }
  const first = Array.isArray(test.value) ? test.value[0] : test.value
  if (editing === 'several') return { field, op, value: isPlain(first) && first !== '' ? [first] : [] }
  return { field, op, value: isPlain(first) ? first : emptyValue(type) }
}

/** The comparison after choosing another field. */
export function withField(test: FieldTest, choice: FieldChoice, before: ValueType): FieldTest {
  const ops = OPS[choice.type]
  if (before === choice.type && ops.includes(test.op)) {
    return choice.type === 'number' || editingOf(test.op) === 'duration'
      ? { ...test, field: choice.name }
      : withOp({ field: choice.name, op: 'is_set' }, test.op, choice.type)
  }
  const op = ops[0] as FieldOp
  return withOp({ field: choice.name, op: 'is_set' }, op, choice.type)
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

export function emptyValue(type: ValueType): unknown {
  if (type === 'boolean') return true
  return type === 'number' ? 0 : ''
}

/** The registry's types are close to ours; a type nobody here knows is edited as text. */
export function valueType(type: string): ValueType {
  if (type === 'number' || type === 'boolean' || type === 'list') return type
  return type === 'date' || type === 'datetime' ? 'date' : 'text'
}

export type NewShape = 'field' | 'did' | 'did_not' | 'has_tag' | 'message' | 'group'

export function newCondition(shape: NewShape, fields: readonly FieldChoice[], messages: readonly string[]): Condition {
  switch (shape) {
    case 'field': {
      const field = fields[0] ?? { name: '', label: '', type: 'text' as const }
      return withField({ field: '', op: 'is_set' }, field, field.type === 'text' ? 'number' : 'text')
    }
    case 'did':
      return { did: '' }
    case 'did_not':
      return { did_not: '' }
    case 'has_tag':
      return { has_tag: '' }
    case 'message':
      return { message: messages[0] ?? '', was: 'opened' }
    case 'group':
      return { any: [] }
  }
}

/** Text from a field as the value it most likely means: `100` is a number, `true` is yes, the rest stays text. */
export function meant(text: string): string | number | boolean {
  const trimmed = text.trim()
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(trimmed)) return Number(trimmed)
  if (trimmed === 'true') return true
  return trimmed === 'false' ? false : text
}
