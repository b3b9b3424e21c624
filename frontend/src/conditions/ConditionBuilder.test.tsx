import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ConditionBuilder } from './ConditionBuilder'
import type { Condition } from './condition'

const ANSWERS: Record<string, unknown> = {
  '/api/fields': {
    items: [
      { name: 'plan', label: 'Plan', type: 'text' },
      { name: 'age', label: 'Age', type: 'number' },
    ],
  },
  '/api/events/names': { items: [{ name: 'Order Completed', n: 3, last_at: null, properties: ['amount'] }] },
  '/api/tags': { items: [{ tag: 'vip', n: 1 }] },
}

beforeEach(() => {
  vi.stubGlobal('fetch', async (path: string) => Response.json(ANSWERS[path] ?? { items: [] }))
})

function drawn(start: Condition | null = null, kind: 'contact' | 'event' = 'contact') {
  const heard: (Condition | null)[] = []
  function Held() {
    const [value, setValue] = useState(start)
    return (
      <ConditionBuilder
        kind={kind}
        event="Order Completed"
        value={value}
        lead="People enter when"
        sends={[{ id: 'email-1', label: '“Welcome”' }]}
        onChange={(next) => {
          heard.push(next)
          setValue(next)
        }}
      />
    )
  }
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <Held />
      </QueryClientProvider>
    </MantineProvider>,
  )
  return { latest: () => heard.at(-1), user: userEvent.setup() }
}

describe('the builder', () => {
  it('adds what they did, and how often, and reads it aloud', async () => {
    const { latest, user } = drawn()
    await user.click(screen.getByRole('button', { name: 'Add a condition' }))
    await user.click(await screen.findByRole('menuitem', { name: 'What they did…' }))
    await user.type(screen.getByTestId('event-name'), 'Signed Up')
    await user.click(screen.getByRole('button', { name: '+ how often' }))
    expect(latest()).toEqual({ did: 'Signed Up', at_least: 2 })
    expect(screen.getByText('they did Signed Up at least 2 times')).toBeTruthy()
  })

  it('joins several conditions, and takes one out again', async () => {
    const { latest, user } = drawn({ any: [{ has_tag: 'a' }, { has_tag: 'b' }] })
    expect(screen.getByText('or')).toBeTruthy()
    await user.click(screen.getByText('All of these'))
    expect(latest()).toEqual({ all: [{ has_tag: 'a' }, { has_tag: 'b' }] })
    await user.click(screen.getAllByRole('button', { name: 'Take this out' })[0] as HTMLElement)
    expect(latest()).toEqual({ has_tag: 'b' })
    await user.click(screen.getByRole('button', { name: 'Take this out' }))
    expect(latest()).toBeNull()
  })

  it('compares an event’s property as a number when it looks like one, or as text on demand', async () => {
    const { latest, user } = drawn({ field: 'amount', op: 'is', value: '' }, 'event')
    await user.type(screen.getByRole('textbox', { name: 'Value' }), '100')
    expect(latest()).toEqual({ field: 'amount', op: 'is', value: 100 })
    await user.click(screen.getByRole('button', { name: 'as number' }))
    expect(latest()).toEqual({ field: 'amount', op: 'is', value: '100' })
  })

  it('keeps what it can’t read while the rest is edited', async () => {
    const foreign = { in_segment: 'vip' }
    const { latest, user } = drawn({ all: [foreign, { has_tag: 'a' }] })
    expect(screen.getByText('{"in_segment":"vip"}')).toBeTruthy()
    await user.type(screen.getByRole('combobox', { name: 'Tag' }), 'b')
    expect(latest()).toEqual({ all: [foreign, { has_tag: 'ab' }] })
  })

  it('shows deep nesting and edits it in place', async () => {
    const deep = {
      all: [{ not: { any: [{ all: [{ has_tag: 'a' }, { has_tag: 'b' }] }, { has_tag: 'c' }] } }, { has_tag: 'd' }],
    }
    const { latest, user } = drawn(deep)
    const tags = screen.getAllByRole('combobox', { name: 'Tag' })
    expect(tags).toHaveLength(4)
    await user.type(tags[1] as HTMLElement, '!')
    expect(latest()).toEqual({
      all: [{ not: { any: [{ all: [{ has_tag: 'a' }, { has_tag: 'b!' }] }, { has_tag: 'c' }] } }, { has_tag: 'd' }],
    })
  })

  it('asks only about properties inside an event', async () => {
    const { latest, user } = drawn(null, 'event')
    await user.click(screen.getByRole('button', { name: 'Add a condition' }))
    expect(latest()).toMatchObject({ op: 'is' })
    expect(screen.queryByText('What they did…')).toBeNull()
  })
})
