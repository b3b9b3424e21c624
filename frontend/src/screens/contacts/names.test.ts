import { expect, test } from 'vitest'
import type { Contact } from '../../api/types'
import { nameOf } from './names'

const someone: Contact = {
  id: 7,
  user_id: 'u-7',
  email: 'ada@example.org',
  phone: null,
  timezone: null,
  tags: [],
  consent: { unsubscribed: false, at: null, source: null },
  fields: {},
  created_at: null,
}

test('a person is called by first and last name', () => {
  expect(nameOf({ ...someone, fields: { first_name: 'Ada', last_name: 'Lovelace' } })).toBe('Ada Lovelace')
})

test('without a name it is the address, then the id, then the number', () => {
  expect(nameOf(someone)).toBe('ada@example.org')
  expect(nameOf({ ...someone, email: null })).toBe('u-7')
  expect(nameOf({ ...someone, email: null, user_id: null })).toBe('Contact 7')
})
