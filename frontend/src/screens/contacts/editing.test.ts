import { describe, expect, test } from 'vitest'
import type { Contact } from '../../api/types'
import { asText, changeOf, type Entry, parsed } from './editing'

const contact: Contact = {
  id: 1,
  user_id: 'u1',
  email: 'ada@example.org',
  phone: null,
  timezone: null,
  tags: [],
  consent: { unsubscribed: false, at: null, source: null },
  fields: { plan: 'pro', seats: 4 },
  created_at: null,
}
const entries: Entry[] = [
  { name: 'email', type: 'text', isBuiltIn: true },
  { name: 'plan', type: 'text', isBuiltIn: false },
  { name: 'seats', type: 'number', isBuiltIn: false },
]

describe('typed text becomes a value', () => {
  test.each([
    ['4,5', 'number', { value: 4.5 }],
    ['Yes', 'boolean', { value: true }],
    ['no', 'boolean', { value: false }],
    ['a, b ,', 'list', { value: ['a', 'b'] }],
    ['2024-02-29', 'date', { value: '2024-02-29' }],
    ['  ', 'number', { value: null }],
    ['  pro ', 'text', { value: 'pro' }],
  ] as const)('%j in a %s field', (text, type, result) => {
    expect(parsed(text, type)).toEqual(result)
  })

  test.each([
    ['many', 'number'],
    ['maybe', 'boolean'],
    ['2023-02-29', 'date'],
    ['tomorrow', 'datetime'],
  ] as const)('%j is refused in a %s field', (text, type) => {
    expect(parsed(text, type)).toHaveProperty('error')
  })

  test('a list reads as words with commas', () => {
    expect(asText(['a', 'b'])).toBe('a, b')
  })
})

describe('a change', () => {
  test('holds only what differs', () => {
    expect(changeOf(contact, { email: 'ada@example.org', plan: 'free', seats: '4' }, entries)).toEqual({
      change: { fields: { plan: 'free' } },
      errors: {},
    })
  })

  test('an emptied field is unset, not an empty text', () => {
    expect(changeOf(contact, { email: '', seats: '' }, entries).change).toEqual({
      email: null,
      fields: { seats: null },
    })
  })

  test('what does not fit the field is an error by its name', () => {
    expect(changeOf(contact, { seats: 'many' }, entries).errors).toEqual({ seats: 'This field holds a number.' })
  })
})
