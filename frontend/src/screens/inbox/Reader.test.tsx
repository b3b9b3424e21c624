import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import type { MessageFull } from '../../api/types'
import { Reader } from './Reader'

const message: MessageFull = {
  id: 5,
  journey: { id: 1, name: 'Welcome' },
  node: 'hello',
  contact: { id: 7, user_id: 'u7', email: 'ada@example.org' },
  channel: 'email',
  purpose: 'marketing',
  state: 'sent',
  reason: null,
  error: null,
  subject: 'Hello',
  at: '2024-01-01T00:00:00.000Z',
  send_at: null,
  sent_at: '2024-01-01T00:00:01.000Z',
  opened_at: null,
  clicked_at: null,
  address: 'ada@example.org',
  body: '<p>Hi</p>',
  html: '<p>Hi</p><script>alert(1)</script>',
  text: 'Hi',
  receipt: '250 Ok',
  headers: {},
}

const real = globalThis.fetch
afterEach(() => {
  globalThis.fetch = real
})

function read(change: Partial<MessageFull> = {}) {
  globalThis.fetch = async () => new Response(JSON.stringify({ ...message, ...change }))
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <Reader id={5} />
      </QueryClientProvider>
    </MantineProvider>,
  )
}

test('a letter is shown in a frame that may do nothing', async () => {
  read()
  const frame = await screen.findByTitle<HTMLIFrameElement>('The message as its reader sees it')
  expect(frame.getAttribute('sandbox')).toBe('')
})

test('a sent letter asks for no decision', async () => {
  read()
  await screen.findByRole('heading', { name: 'Hello' })
  expect(screen.queryByRole('button', { name: 'Send again' })).toBeNull()
})

test.each(['unknown', 'failed'] as const)('a letter that is %s can be sent again or taken as sent', async (state) => {
  read({ state, error: 'The connection was lost.' })
  await screen.findByRole('button', { name: 'Send again' })
  expect(screen.getByRole('button', { name: 'Treat as sent' })).toBeDefined()
  expect(screen.getByText(/The connection was lost\./)).toBeDefined()
})

test('a contact that is gone leaves its address, but no page to go to', async () => {
  read({ contact: { id: 7, user_id: null, email: null } })
  await screen.findByRole('heading', { name: 'Hello' })
  expect(screen.queryByRole('link', { name: 'ada@example.org' })).toBeNull()
  expect(screen.getByText('ada@example.org')).toBeDefined()
})
