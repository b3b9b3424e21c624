import { expect, test } from 'vitest'
import { explain, faceOf, STATES_TO_CHOOSE, subjectOf } from './states'

const because = (state: Parameters<typeof faceOf>[0], reason: string | null = null, error: string | null = null) =>
  explain({ state, reason, error })

test('a sent message needs no explanation', () => {
  expect(because('sent')).toBeNull()
})

test('a skipped message says why in plain words', () => {
  expect(because('skipped', 'unsubscribed')).toContain('unsubscribed from marketing')
})

test('a reason nobody has words for is said all the same', () => {
  expect(because('skipped', 'quiet_hours')).toBe('It was left out: quiet hours.')
})

test('an unknown message says that it may have left', () => {
  expect(because('unknown', null, 'Connection reset.')).toMatch(/^Connection reset\. It may have left, or not/)
})

test('a failed message shows the server’s own answer', () => {
  expect(because('failed', null, '550 No such user')).toBe('550 No such user')
})

test('every state that can be chosen has its own words', () => {
  const words = STATES_TO_CHOOSE.map((state) => faceOf(state).words)
  expect(new Set(words).size).toBe(words.length)
})

test('a message about to go out is not called one that was never sent', () => {
  expect(subjectOf({ subject: 'Hi', state: 'sent' })).toBe('Hi')
  expect(subjectOf({ subject: null, state: 'sending' })).toContain('about to go out')
  expect(subjectOf({ subject: null, state: 'skipped' })).toContain('never sent')
})
