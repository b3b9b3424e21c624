import { expect, test } from 'vitest'
import description from '../../openapi.json?raw'
import schema from './generated/schema.d.ts?raw'

test('the generated types are those of the committed description: else run `npm run api`', async () => {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(description))
  const digest = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  expect(schema.split('\n')[0]).toContain(digest)
})
