import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Answer, createAutosave, type Kept, storageKeeper } from './autosave'
import { drawn } from './building'
import type { JourneyDocument } from './document'

const named = (name: string): JourneyDocument => ({ ...drawn('start'), name })

function memory() {
  let kept: Kept | null = null
  return { read: () => kept, write: (next: Kept | null) => (kept = next) }
}

/** A server that answers what it is told to; `saved` unless told otherwise, counting revisions. */
function server() {
  const got: { name: string; revision: number }[] = []
  const answers: (Answer | Promise<Answer>)[] = []
  const send = async (doc: JourneyDocument, revision: number): Promise<Answer> => {
    got.push({ name: doc.name, revision })
    return answers.shift() ?? { kind: 'saved', revision: revision + 1 }
  }
  return { got, answers, send }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('saving', () => {
  it('saves once after typing stops, naming the revision it was made from', async () => {
    const { got, send } = server()
    const autosave = createAutosave({ revision: 7, send, keeper: memory() })
    for (const name of ['A', 'AB', 'ABC']) {
      autosave.changed(named(name))
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(autosave.state().kind).toBe('saving')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(got).toEqual([{ name: 'ABC', revision: 7 }])
    expect(autosave.state().kind).toBe('saved')
    expect(autosave.revision()).toBe(8)
  })

  it('sends one request at a time, and what was typed meanwhile afterwards', async () => {
    const { got, answers, send } = server()
    let answer: (value: Answer) => void = () => {}
    answers.push(new Promise<Answer>((resolve) => (answer = resolve)))
    const autosave = createAutosave({ revision: 1, send, keeper: memory() })
    autosave.changed(named('A'))
    await vi.advanceTimersByTimeAsync(1_000)
    autosave.changed(named('B'))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(got).toHaveLength(1)
    answer({ kind: 'saved', revision: 2 })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(got).toEqual([
      { name: 'A', revision: 1 },
      { name: 'B', revision: 2 },
    ])
    expect(autosave.state().kind).toBe('saved')
  })

  it('flushes at once and waits for the answer', async () => {
    const { got, send } = server()
    const autosave = createAutosave({ revision: 1, send, keeper: memory() })
    autosave.changed(named('A'))
    expect((await autosave.flush()).kind).toBe('saved')
    expect(got).toHaveLength(1)
    expect((await autosave.flush()).kind).toBe('saved')
    expect(got).toHaveLength(1)
  })

  it('flushes what was typed during a request too', async () => {
    const { got, answers, send } = server()
    let answer: (value: Answer) => void = () => {}
    answers.push(new Promise<Answer>((resolve) => (answer = resolve)))
    const autosave = createAutosave({ revision: 1, send, keeper: memory() })
    autosave.changed(named('A'))
    await vi.advanceTimersByTimeAsync(1_000)
    autosave.changed(named('B'))
    const flushed = autosave.flush()
    answer({ kind: 'saved', revision: 2 })
    await vi.advanceTimersByTimeAsync(50)
    expect((await flushed).kind).toBe('saved')
    expect(got.map((one) => one.name)).toEqual(['A', 'B'])
  })
})

describe('a server that is away', () => {
  it('tries again, later each time, and saves when it is back', async () => {
    const { got, answers, send } = server()
    answers.push({ kind: 'offline' }, { kind: 'offline' }, { kind: 'offline' })
    const autosave = createAutosave({ revision: 1, send, keeper: memory() })
    autosave.changed(named('A'))
    await vi.advanceTimersByTimeAsync(700)
    expect(autosave.state().kind).toBe('offline')
    await vi.advanceTimersByTimeAsync(1_000)
    await vi.advanceTimersByTimeAsync(1_999)
    expect(got).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(got).toHaveLength(3)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(autosave.state().kind).toBe('saved')
    expect(got).toHaveLength(4)
  })

  it('sends the newest document when it is back', async () => {
    const { got, answers, send } = server()
    answers.push({ kind: 'offline' })
    const autosave = createAutosave({ revision: 1, send, keeper: memory() })
    autosave.changed(named('A'))
    await vi.advanceTimersByTimeAsync(700)
    autosave.changed(named('B'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(got.at(-1)).toEqual({ name: 'B', revision: 1 })
  })

  it('keeps a copy until it is saved', async () => {
    const { answers, send } = server()
    const keeper = memory()
    answers.push({ kind: 'offline' })
    const autosave = createAutosave({ revision: 3, send, keeper })
    autosave.changed(named('A'))
    await vi.advanceTimersByTimeAsync(700)
    expect(keeper.read()).toMatchObject({ revision: 3, doc: { name: 'A' } })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(keeper.read()).toBeNull()
  })

  it('rests when the page is left', async () => {
    const { got, answers, send } = server()
    answers.push({ kind: 'offline' })
    const autosave = createAutosave({ revision: 1, send, keeper: memory() })
    autosave.changed(named('A'))
    await vi.advanceTimersByTimeAsync(700)
    autosave.rest()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(got).toHaveLength(1)
  })
})

describe('a conflict', () => {
  const theirs = { revision: 9, doc: named('Theirs') }

  async function inConflict() {
    const { got, answers, send } = server()
    const keeper = memory()
    answers.push({ kind: 'conflict', theirs })
    const autosave = createAutosave({ revision: 1, send, keeper })
    autosave.changed(named('Mine'))
    await vi.advanceTimersByTimeAsync(700)
    return { autosave, got, keeper }
  }

  it('saves nothing until somebody has chosen, and keeps mine', async () => {
    const { autosave, got, keeper } = await inConflict()
    autosave.changed(named('Mine, on'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(got).toHaveLength(1)
    expect(autosave.state()).toEqual({ kind: 'conflict', theirs })
    expect(keeper.read()?.doc.name).toBe('Mine, on')
    expect((await autosave.flush()).kind).toBe('conflict')
  })

  it('puts mine over theirs on their revision', async () => {
    const { autosave, got } = await inConflict()
    autosave.keepMine()
    await vi.advanceTimersByTimeAsync(100)
    expect(got.at(-1)).toEqual({ name: 'Mine', revision: 9 })
    expect(autosave.state().kind).toBe('saved')
  })

  it('goes on from theirs without sending anything', async () => {
    const { autosave, got, keeper } = await inConflict()
    autosave.takeTheirs()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(got).toHaveLength(1)
    expect(autosave.revision()).toBe(9)
    expect(keeper.read()).toBeNull()
    autosave.changed(named('On'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(got.at(-1)).toEqual({ name: 'On', revision: 9 })
  })

  it('can be there from the start, when kept work is older than the server’s', async () => {
    const { got, send } = server()
    const autosave = createAutosave({ revision: 9, send, keeper: memory(), stale: { mine: named('Mine'), theirs } })
    expect(autosave.state().kind).toBe('conflict')
    autosave.keepMine()
    await vi.advanceTimersByTimeAsync(100)
    expect(got).toEqual([{ name: 'Mine', revision: 9 }])
  })
})

describe('a refusal', () => {
  it('is shown, and the next change tries again', async () => {
    const { got, answers, send } = server()
    answers.push({ kind: 'refused', message: 'too long' })
    const autosave = createAutosave({ revision: 1, send, keeper: memory() })
    autosave.changed(named('A'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(autosave.state()).toEqual({ kind: 'refused', message: 'too long' })
    expect(got).toHaveLength(1)
    autosave.changed(named('B'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(autosave.state().kind).toBe('saved')
  })
})

describe('the copy in the browser', () => {
  it('comes back as it was, and bad text is nothing', () => {
    const keeper = storageKeeper(window.localStorage, 'test:kept')
    keeper.write({ doc: named('A'), revision: 4 })
    expect(keeper.read()).toEqual({ doc: named('A'), revision: 4 })
    window.localStorage.setItem('test:kept', 'half a docum')
    expect(keeper.read()).toBeNull()
    keeper.write(null)
    expect(window.localStorage.getItem('test:kept')).toBeNull()
  })
})
