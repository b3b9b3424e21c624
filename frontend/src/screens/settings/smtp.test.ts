import { expect, test } from 'vitest'
import { usualPort } from './smtp'

test('the usual port follows the encryption', () => {
  expect(usualPort('tls', { security: 'starttls', port: 587 })).toBe(465)
  expect(usualPort('none', { security: 'tls', port: 465 })).toBe(25)
})

test('a port somebody chose stays', () => {
  expect(usualPort('tls', { security: 'starttls', port: 2525 })).toBe(2525)
})

test('an unset port becomes the usual one', () => {
  expect(usualPort('starttls', { security: 'none', port: 0 })).toBe(587)
})
