import { describe, expect, it } from 'vitest'
import { asGroup, type Condition, type FieldTest, fromGroup, shapeOf } from './condition'
import { sentence } from './sentence'
import { editingOf, meant, newCondition, OPS, valueType, withField, withOp } from './types'

describe('read aloud', () => {
  const cases: [Condition | null, string][] = [
    [null, 'anything'],
    [{ field: 'plan', op: 'is', value: 'pro' }, 'plan is pro'],
    [{ field: 'total_spent', op: 'gte', value: 1500 }, 'total spent is at least 1,500'],
    [{ field: 'plan', op: 'one_of', value: ['pro', 'team'] }, 'plan is one of pro or team'],
    [{ field: 'age', op: 'between', value: [18, 30] }, 'age is between 18 and 30'],
    [{ field: 'unsubscribed', op: 'is', value: true }, 'unsubscribed is yes'],
    [{ field: 'phone', op: 'is_not_set' }, 'phone is not known'],
    [{ field: 'created_at', op: 'in_last', value: { amount: 7, unit: 'days' } }, 'added on is in the last 7 days'],
    [
      { field: 'created_at', op: 'not_in_last', value: { amount: 1, unit: 'weeks' } },
      'added on is not in the last week',
    ],
    [{ field: '', op: 'is', value: '' }, '… is …'],
    [{ did: 'Order Completed' }, 'they did Order Completed'],
    [
      {
        did: 'Page Viewed',
        at_least: 3,
        within: { amount: 7, unit: 'days' },
        where: { field: 'path', op: 'contains', value: 'pricing' },
      },
      'they did Page Viewed at least 3 times in the last 7 days where path contains pricing',
    ],
    [
      { did_not: 'Order Completed', within: { amount: 90, unit: 'days' } },
      'they didn’t do Order Completed in the last 90 days',
    ],
    [{ has_tag: 'vip' }, 'they have the tag vip'],
    [{ message: 'email-1', was: 'opened' }, 'they opened email-1'],
    [{ message: 'email-1', was: 'bounced' }, 'email-1 bounced'],
    [{ not: { has_tag: 'vip' } }, 'not (they have the tag vip)'],
    [{ in_segment: 'vip' }, 'a condition this version can’t read'],
    [{ all: [] }, 'anything'],
    [{ any: [] }, 'nothing'],
    [
      { all: [{ has_tag: 'a' }, { any: [{ has_tag: 'b' }, { has_tag: 'c' }] }] },
      'they have the tag a and (they have the tag b or they have the tag c)',
    ],
  ]
  it.each(cases)('%j', (condition, words) => {
    expect(sentence(condition)).toBe(words)
  })

  it('uses the names it is given', () => {
    const names = { field: () => 'Plan', message: () => '“Welcome”' }
    const condition = {
      all: [
        { field: 'plan', op: 'is_set' as const },
        { message: 'email-1', was: 'clicked' as const },
      ],
    }
    expect(sentence(condition, names)).toBe('Plan is known and they clicked “Welcome”')
  })
})

describe('groups', () => {
  it('come back as they went in', () => {
    const conditions: Condition[] = [
      { has_tag: 'a' },
      { any: [{ has_tag: 'a' }] },
      { all: [{ has_tag: 'a' }, { not: { all: [{ has_tag: 'b' }, { in_segment: 'x' }] } }] },
    ]
    for (const condition of conditions) expect(fromGroup(asGroup(condition))).toEqual(condition)
  })

  it('are nothing when empty', () => {
    expect(fromGroup(asGroup(null))).toBeNull()
    expect(fromGroup({ combinator: 'any', items: [] })).toBeNull()
  })

  it('never take what they can’t read apart', () => {
    expect(shapeOf({ all: 'everything' })).toBe('unknown')
    expect(shapeOf({ did: 3 })).toBe('unknown')
    expect(shapeOf({ not: null })).toBe('unknown')
  })
})

describe('changing a comparison', () => {
  const test: FieldTest = { field: 'plan', op: 'is', value: 'pro' }

  it('keeps the value where it still fits', () => {
    expect(withOp(test, 'starts_with', 'text')).toEqual({ field: 'plan', op: 'starts_with', value: 'pro' })
    expect(withOp(test, 'one_of', 'text')).toEqual({ field: 'plan', op: 'one_of', value: ['pro'] })
    expect(withOp({ ...test, op: 'one_of', value: ['a', 'b'] }, 'is', 'text').value).toBe('a')
  })

  it('takes the value away where there is none', () => {
    expect(withOp(test, 'is_set', 'text')).toEqual({ field: 'plan', op: 'is_set' })
  })

  it('starts durations and pairs with something sensible', () => {
    expect(withOp(test, 'in_last', 'date').value).toEqual({ amount: 7, unit: 'days' })
    expect(withOp(test, 'between', 'number').value).toEqual([0, 10])
  })

  it('offers only comparisons that fit the new field', () => {
    const number = withField(test, { name: 'age', label: 'Age', type: 'number' }, 'text')
    expect(number).toEqual({ field: 'age', op: 'is', value: 0 })
    const flag = withField({ ...test, op: 'contains' }, { name: 'vip', label: 'VIP', type: 'boolean' }, 'text')
    expect(flag).toEqual({ field: 'vip', op: 'is', value: true })
    expect(withField(test, { name: 'city', label: 'City', type: 'text' }, 'text')).toEqual({
      field: 'city',
      op: 'is',
      value: '',
    })
  })

  it('has an editor for every comparison of every type', () => {
    for (const ops of Object.values(OPS)) for (const op of ops) expect(editingOf(op)).toBeTruthy()
  })
})

describe('values', () => {
  it('of unknown type mean what they look like', () => {
    expect(['100', '-3.5', '0', '007', '1e3', '', 'true', 'false', 'yes'].map(meant)).toEqual([
      100,
      -3.5,
      0,
      '007',
      '1e3',
      '',
      true,
      false,
      'yes',
    ])
  })

  it('of registry types nobody here knows are text', () => {
    expect(['datetime', 'date', 'number', 'geo'].map(valueType)).toEqual(['date', 'date', 'number', 'text'])
  })
})

describe('a new condition', () => {
  it('asks about the first field there is', () => {
    const fields = [{ name: 'city', label: 'City', type: 'text' as const }]
    expect(newCondition('field', fields, [])).toEqual({ field: 'city', op: 'is', value: '' })
    expect(newCondition('field', [], [])).toEqual({ field: '', op: 'is', value: '' })
    expect(newCondition('message', [], ['email-1'])).toEqual({ message: 'email-1', was: 'opened' })
  })
})
