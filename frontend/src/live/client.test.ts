import { beforeEach, describe, expect, test } from 'vitest'
import type { Flow } from '../api/types'
import { type FlowEvent, LiveClient, type Wire } from './client'
import type { Moved } from './counts'

class FakeWire implements Wire {
  connected = false
  sent: { event: string; data: unknown }[] = []
  private listeners: Record<string, ((data: never) => void)[]> = {}

  on(event: string, listener: (data: never) => void) {
    this.listeners[event] = [...(this.listeners[event] ?? []), listener]
  }
  off(event: string, listener: (data: never) => void) {
    this.listeners[event] = (this.listeners[event] ?? []).filter((known) => known !== listener)
  }
  emit(event: string, data: unknown, ack?: (answer: { ok: boolean }) => void) {
    this.sent.push({ event, data })
    ack?.({ ok: true })
  }
  connect() {
    this.connected = true
    this.hear('connect', undefined)
  }
  disconnect() {
    this.connected = false
    this.hear('disconnect', 'io client disconnect')
  }
  hear(event: string, data: unknown) {
    for (const listener of this.listeners[event] ?? []) listener(data as never)
  }
}

function flow(seq: number, next: number, version = 1): Flow {
  return {
    version,
    seq,
    at: '2024-01-01T00:00:00.000Z',
    nodes: { start: { entered: next, inside: 0, left: next } },
    edges: { 'start:next': next },
    outcomes: { entered: next, inside: 0, completed: next, exited: 0, failed: 0, converted: 0 },
  }
}

const event = (seq: number, next: number, version = 1): FlowEvent => ({
  ...flow(seq, next, version),
  journey: 7,
  moved: { 'start:next': 1 },
})

let wire: FakeWire
let reads: ((flow: Flow | Error) => void)[]
let heard: { flow: Flow; moved?: Moved }[]
let client: LiveClient

const settled = () => new Promise<void>((resolve) => setTimeout(resolve))
async function answerRead(answer: Flow | Error) {
  const read = reads.shift()
  if (!read) throw new Error('nothing is being read')
  read(answer)
  await settled()
}
const watch = () => client.watch(7, (flow, moved) => heard.push({ flow, moved }))
const seqs = () => heard.map(({ flow }) => flow.seq)

beforeEach(() => {
  wire = new FakeWire()
  reads = []
  heard = []
  client = new LiveClient(
    () => wire,
    () =>
      new Promise((resolve, reject) => {
        reads.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
      }),
    () => 0,
  )
})

test('watching joins the room and tells the counts as they are', async () => {
  client.start()
  watch()
  expect(wire.sent).toEqual([{ event: 'watch', data: { journey: 7 } }])
  await answerRead(flow(3, 10))
  expect(heard).toEqual([{ flow: flow(3, 10), moved: undefined }])
})

test('without a wire the counts are shown all the same', async () => {
  watch()
  await answerRead(flow(3, 10))
  expect(seqs()).toEqual([3])
})

describe('once watching', () => {
  beforeEach(async () => {
    client.start()
    watch()
    await answerRead(flow(3, 10))
    heard = []
  })

  test('the next event is told with what moved', () => {
    wire.hear('flow', event(4, 11))
    expect(heard).toEqual([{ flow: flow(4, 11), moved: { 'start:next': 1 } }])
    expect(reads).toHaveLength(0)
  })

  test('an event that was heard already is not told again', () => {
    wire.hear('flow', event(3, 10))
    expect(heard).toEqual([])
  })

  test('another journey’s event is not told', () => {
    wire.hear('flow', { ...event(4, 11), journey: 8 })
    expect(heard).toEqual([])
  })

  test('a gap is read again, and what came meanwhile is laid on top in order', async () => {
    wire.hear('flow', event(6, 13))
    wire.hear('flow', event(7, 14))
    wire.hear('flow', event(8, 15))
    await answerRead(flow(7, 14))
    expect(seqs()).toEqual([6, 7, 8])
    expect(heard.at(-1)?.flow.edges['start:next']).toBe(15)
  })

  test('a newer version is read whole, an older one is not told', async () => {
    wire.hear('flow', event(4, 99, 0))
    expect(heard).toEqual([])
    wire.hear('flow', event(5, 1, 2))
    await answerRead(flow(5, 1, 2))
    expect(heard.map(({ flow }) => flow.version)).toEqual([2])
  })

  test('after a reconnect the room is joined and the counts are read again', async () => {
    wire.disconnect()
    expect(client.status).toBe('offline')
    wire.connect()
    expect(client.status).toBe('live')
    expect(wire.sent.filter(({ event }) => event === 'watch')).toHaveLength(2)
    await answerRead(flow(1, 20))
    wire.hear('flow', event(2, 21))
    expect(seqs()).toEqual([1, 2])
  })

  test('a line the server has cut is asked for again, one we left is not', async () => {
    wire.connected = false
    wire.hear('disconnect', 'io server disconnect')
    await settled()
    expect(client.status).toBe('live')
    client.stop()
    wire.hear('disconnect', 'io server disconnect')
    await settled()
    expect(wire.connected).toBe(false)
  })

  test('a second watcher hears at once and joins nothing', () => {
    watch()
    expect(seqs()).toEqual([3])
    expect(wire.sent).toHaveLength(1)
  })

  test('the last one to go leaves the room', () => {
    const stopFirst = watch()
    const stopSecond = client.watch(7, () => {})
    stopFirst()
    stopSecond()
    expect(wire.sent.some(({ event }) => event === 'unwatch')).toBe(false)
  })
})

test('when nobody watches any more the room is left', async () => {
  client.start()
  const stop = watch()
  await answerRead(flow(3, 10))
  stop()
  expect(wire.sent.at(-1)).toEqual({ event: 'unwatch', data: { journey: 7 } })
  wire.hear('flow', event(4, 11))
  expect(seqs()).toEqual([3])
})

test('a reading that failed is tried again', async () => {
  client.start()
  watch()
  await answerRead(new Error('offline'))
  await settled()
  await answerRead(flow(3, 10))
  expect(seqs()).toEqual([3])
})

test('other events reach their listeners, also those who asked before the wire was open', () => {
  const dates: string[] = []
  const stop = client.on('sample', ({ at }) => dates.push(at))
  client.start()
  wire.hear('sample', { at: '1997-03-01', playing: true, speed: 2 })
  stop()
  wire.hear('sample', { at: '1997-03-02', playing: true, speed: 2 })
  expect(dates).toEqual(['1997-03-01'])
})
