import { expect, test } from 'vitest'
import type { Flow } from '../api/types'
import { Counts, type Moved } from './counts'

const flow = (next: number, waiting: number): Flow => ({
  version: 1,
  seq: 1,
  at: '2024-01-01T00:00:00.000Z',
  nodes: {
    start: { entered: next, inside: 0, left: next },
    pause: { entered: next, inside: waiting, left: next - waiting },
  },
  edges: { 'start:next': next },
  outcomes: { entered: next, inside: waiting, completed: next - waiting, exited: 0, failed: 0, converted: 0 },
})

function listening(counts: Counts, ...keys: string[]): string[] {
  const heard: string[] = []
  for (const key of keys) counts.subscribe(key, () => heard.push(key))
  return heard
}

test('before the first numbers there are none', () => {
  const counts = new Counts()
  expect([counts.node('start'), counts.edge('start:next'), counts.outcomes()]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('only what changed is told', () => {
  const counts = new Counts()
  counts.apply(flow(10, 4))
  const heard = listening(counts, 'start', 'pause', 'start:next', 'outcomes')
  counts.apply(flow(10, 3))
  expect(heard).toEqual(['pause', 'outcomes'])
})

test('what did not change keeps its identity', () => {
  const counts = new Counts()
  counts.apply(flow(10, 4))
  const before = counts.node('start')
  counts.apply(flow(10, 3))
  expect(counts.node('start')).toBe(before)
})

test('equal numbers tell nobody', () => {
  const counts = new Counts()
  counts.apply(flow(10, 4))
  const heard = listening(counts, 'start', 'pause', 'start:next', 'outcomes', 'version')
  counts.apply(flow(10, 4))
  expect(heard).toEqual([])
})

test('a listener that stopped hears nothing', () => {
  const counts = new Counts()
  const heard: number[] = []
  const stop = counts.subscribe('start', () => heard.push(1))
  stop()
  counts.apply(flow(1, 0))
  expect(heard).toEqual([])
})

test('what moved is told to those who draw movement, silence is not', () => {
  const counts = new Counts()
  const heard: Moved[] = []
  counts.onMoved((moved) => heard.push(moved))
  counts.apply(flow(1, 0), { 'start:next': 1 })
  counts.apply(flow(1, 0), {})
  expect(heard).toEqual([{ 'start:next': 1 }])
})

test('clearing tells everybody that their number is gone', () => {
  const counts = new Counts()
  counts.apply(flow(10, 4))
  const heard = listening(counts, 'start', 'start:next')
  counts.clear()
  expect(heard).toEqual(['start', 'start:next'])
  expect(counts.node('start')).toBeUndefined()
})
