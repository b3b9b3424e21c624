/** Conditions read aloud: "plan is Pro and they did Order Completed in the last 7 days". */
import { durationWords, lastWords } from '../journey/duration'
import {
  type All,
  type Any,
  type Condition,
  type Did,
  type DidNot,
  type FieldOp,
  type FieldTest,
  type HasTag,
  type MessageWas,
  type Not,
  shapeOf,
} from './condition'

export const OP_WORDS: Readonly<Record<FieldOp, string>> = {
  is: 'is',
  is_not: 'is not',
  one_of: 'is one of',
  contains: 'contains',
  starts_with: 'starts with',
  ends_with: 'ends with',
  gt: 'is more than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  between: 'is between',
  is_set: 'is known',
  is_not_set: 'is not known',
  before: 'is before',
  after: 'is after',
  in_last: 'is in the last',
  not_in_last: 'is not in the last',
  in_next: 'is in the next',
}

export const BUILT_IN_LABELS: Readonly<Record<string, string>> = {
  user_id: 'user id',
  email: 'e-mail',
  phone: 'phone',
  timezone: 'time zone',
  unsubscribed: 'unsubscribed',
  created_at: 'added on',
}

/** A field's name as words, for places that don't know the registry's labels. */
export function plainName(name: string): string {
  return BUILT_IN_LABELS[name] ?? name.replace(/_/g, ' ')
}

/** How names of fields and of message steps are shown; without it names stand as they are. */
export interface Names {
  readonly field?: (name: string) => string
  readonly message?: (node: string) => string
}

export function sentence(condition: Condition | null | undefined, names: Names = {}): string {
  if (!condition) return 'anything'
  return words(condition, names, false)
}

function words(condition: Condition, names: Names, isInside: boolean): string {
  switch (shapeOf(condition)) {
    case 'all':
      return joined((condition as All).all, 'and', names, isInside)
    case 'any':
      return joined((condition as Any).any, 'or', names, isInside)
    case 'not':
      return `not (${words((condition as Not).not, names, false)})`
    case 'field':
      return fieldWords(condition as FieldTest, names)
    case 'did':
      return behaviourWords(condition as Did, `they did ${(condition as Did).did || '…'}`, names)
    case 'did_not':
      return behaviourWords(condition as DidNot, `they didn’t do ${(condition as DidNot).did_not || '…'}`, names)
    case 'has_tag':
      return `they have the tag ${(condition as HasTag).has_tag || '…'}`
    case 'message':
      return messageWords(condition as MessageWas, names)
    case 'unknown':
      return 'a condition this version can’t read'
  }
}

function joined(items: readonly Condition[], word: string, names: Names, isInside: boolean): string {
  if (items.length === 0) return word === 'and' ? 'anything' : 'nothing'
  const text = items.map((item) => words(item, names, items.length > 1)).join(` ${word} `)
  return isInside && items.length > 1 ? `(${text})` : text
}

function fieldWords(test: FieldTest, names: Names): string {
  const field = (names.field ?? plainName)(test.field) || '…'
  const op = OP_WORDS[test.op] ?? test.op
  if (test.op === 'is_set' || test.op === 'is_not_set') return `${field} ${op}`
  if (test.op === 'is' && test.value === true) return `${field} is yes`
  if (test.op === 'is' && test.value === false) return `${field} is no`
  if (test.op === 'in_last' || test.op === 'not_in_last') {
    return `${field} is ${test.op === 'in_last' ? '' : 'not '}${lastWords(test.value)}`
  }
  if (test.op === 'in_next') return `${field} is in the next ${durationWords(test.value)}`
  return `${field} ${op} ${valueWords(test.value, test.op)}`
}

function valueWords(value: unknown, op: FieldOp): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return '…'
    return value.map((item) => valueWords(item, 'is')).join(op === 'between' ? ' and ' : ' or ')
  }
  if (value === null || value === undefined || value === '') return '…'
  if (typeof value === 'number') return value.toLocaleString('en')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function behaviourWords(behaviour: Did | DidNot, start: string, names: Names): string {
  let text = start
  const times = behaviour.at_least ?? 1
  if (times > 1) text += ` at least ${times.toLocaleString('en')} times`
  if (behaviour.within) text += ` ${lastWords(behaviour.within)}`
  if (behaviour.where) text += ` where ${words(behaviour.where, names, true)}`
  return text
}

function messageWords(test: MessageWas, names: Names): string {
  const name = names.message?.(test.message) ?? test.message
  if (!name) return 'a message was …'
  if (test.was === 'opened' || test.was === 'clicked') return `they ${test.was} ${name}`
  if (test.was === 'bounced') return `${name} bounced`
  return `${name} was ${test.was}`
}
