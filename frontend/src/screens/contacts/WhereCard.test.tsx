import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { Whereabouts } from '../../api/types'
import { WhereCard } from './WhereCard'

const place: Whereabouts = {
  journey: { id: 3, name: 'Welcome' },
  node: 'wait',
  title: 'Wait 7 days',
  since: '2024-01-01T09:00:00.000Z',
  due_at: '2024-01-08T09:00:00.000Z',
  passage: 1,
}

function shown(...now: Whereabouts[]): string {
  render(
    <MantineProvider env="test">
      <WhereCard now={now} />
    </MantineProvider>,
  )
  return screen.getByRole('region', { name: 'Where they are now' }).textContent ?? ''
}

test('a place is told with its journey and both its ends', () => {
  const text = shown(place)
  expect(text).toContain('Waiting at ‘Wait 7 days’ in Welcome')
  expect(text).toContain('since 1 Jan 2024, 09:00')
  expect(text).toContain('until 8 Jan 2024, 09:00')
  expect(text).not.toContain('passage')
  expect(screen.getByRole('link', { name: 'Welcome' }).getAttribute('href')).toBe('/journeys/3')
})

test('a wait that only an event ends says so', () => {
  expect(shown({ ...place, due_at: null })).toContain('until something happens')
})

test('a second passage is told as one', () => {
  expect(shown({ ...place, passage: 2 })).toContain('passage 2 through this journey')
})

test('somebody in no journey is no empty card', () => {
  expect(shown()).toContain('In no journey at the moment.')
})
