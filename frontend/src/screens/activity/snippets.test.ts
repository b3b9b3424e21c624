import { expect, test } from 'vitest'
import { snippets } from './snippets'

test('every snippet carries the key and this installation’s address', () => {
  const all = snippets('https://journeys.example.org', 'w_123')
  expect(all.map((snippet) => snippet.name)).toEqual(['python', 'javascript', 'curl'])
  for (const { text } of all) {
    expect(text).toContain('w_123')
    expect(text).toContain('https://journeys.example.org')
  }
})
