import { describe, expect, it } from 'vitest'
import { drawn, edgesOf, testKinds as kinds, placeOf } from './building'
import { addAt, addNode } from './commands/addNode'
import type { Change } from './commands/change'
import { copy, duplicate, paste, readClip } from './commands/clipboard'
import { canConnect, connect, disconnect } from './commands/connect'
import { editConfig, editSettings, renameJourney, renameNode } from './commands/edit'
import { move, nudge } from './commands/move'
import { remove } from './commands/remove'
import { emptyJourney, type JourneyDocument } from './document'
import { overlaps, rectOf } from './size'

const kindOf = (type: string) => {
  const kind = kinds(type)
  if (!kind) throw new Error(`no kind ${type}`)
  return kind
}

const done = (change: Change | null): Change => {
  if (!change) throw new Error('nothing changed')
  return change
}

function expectNoOverlap(doc: JourneyDocument) {
  const rects = doc.nodes.map((node) => rectOf(doc, node, kinds))
  for (const [index, a] of rects.entries()) {
    for (const b of rects.slice(index + 1)) expect(overlaps(a, b)).toBe(false)
  }
}

describe('adding', () => {
  it('puts a step where the pointer is and selects it', () => {
    const change = addNode(emptyJourney('A'), kindOf('wait'), { x: 300, y: 200 }, kinds)
    expect(change.select).toEqual(['wait-1'])
    const box = rectOf(change.doc, change.doc.nodes[0] as never, kinds)
    expect(Math.abs(box.x + box.width / 2 - 300)).toBeLessThan(4)
  })

  it('never puts a card over another', () => {
    let doc = emptyJourney('A')
    for (let i = 0; i < 6; i++) doc = addNode(doc, kindOf('wait'), { x: 0, y: 0 }, kinds).doc
    expect(new Set(doc.nodes.map((node) => node.id)).size).toBe(6)
    expectNoOverlap(doc)
  })

  it('inserts into an edge and moves what follows down', () => {
    const doc = drawn('start > end')
    const change = done(addAt(doc, kindOf('email'), { from: 'start', port: 'next' }, kinds))
    expect(edgesOf(change.doc)).toEqual(['email-1:next > end', 'start:next > email-1'])
    expect(placeOf(change.doc, 'email-1')?.y).toBe(160)
    expect(placeOf(change.doc, 'end')?.y).toBeGreaterThan(300)
    expectNoOverlap(change.doc)
  })

  it('goes on from the first port of a branch that is put into an edge', () => {
    const change = done(addAt(drawn('start > end'), kindOf('if'), { from: 'start', port: 'next' }, kinds))
    expect(edgesOf(change.doc)).toEqual(['if-1:yes > end', 'start:next > if-1'])
  })

  it('cuts the way when an end is put into an edge', () => {
    const change = done(addAt(drawn('start > wait'), kindOf('end'), { from: 'start', port: 'next' }, kinds))
    expect(edgesOf(change.doc)).toEqual(['start:next > end-1'])
  })

  it('fans the followers of a branch out, left to right', () => {
    let doc = drawn('start > if')
    doc = done(addAt(doc, kindOf('email'), { from: 'if', port: 'yes' }, kinds)).doc
    doc = done(addAt(doc, kindOf('end'), { from: 'if', port: 'else' }, kinds)).doc
    expect(placeOf(doc, 'email-1')?.x).toBeLessThan(placeOf(doc, 'end-1')?.x ?? 0)
    expectNoOverlap(doc)
  })

  it('does not put a trigger behind anything', () => {
    expect(addAt(drawn('start > end'), kindOf('start'), { from: 'start', port: 'next' }, kinds)).toBeNull()
  })

  it('moves cards beside the path that would be covered', () => {
    const doc = drawn('start > wait > end', 'wait-2')
    const crowded = done(move(doc, { 'wait-2': { x: 300, y: 320 }, end: { x: 40, y: 320 } })).doc
    const change = done(addAt(crowded, kindOf('if'), { from: 'start', port: 'next' }, kinds))
    expectNoOverlap(change.doc)
  })
})

describe('connecting', () => {
  it('replaces the old edge of a port in one step', () => {
    const change = done(connect(drawn('start > wait', 'end'), { from: 'start', port: 'next' }, 'end', kinds))
    expect(edgesOf(change.doc)).toEqual(['start:next > end'])
    expect(change.name).toBe('reconnect')
  })

  it('refuses a trigger and the step itself as target', () => {
    const doc = drawn('start > wait', 'start-2')
    expect(canConnect(doc, 'wait', 'start-2', kinds)).toBe(false)
    expect(canConnect(doc, 'wait', 'wait', kinds)).toBe(false)
    expect(connect(doc, { from: 'wait', port: 'next' }, 'wait', kinds)).toBeNull()
  })

  it('has nothing to do when the edge is there already', () => {
    expect(connect(drawn('start > wait'), { from: 'start', port: 'next' }, 'wait', kinds)).toBeNull()
  })

  it('takes single edges out', () => {
    const change = done(disconnect(drawn('start > wait > end'), [{ from: 'wait', port: 'next' }]))
    expect(edgesOf(change.doc)).toEqual(['start:next > wait'])
    expect(disconnect(change.doc, [{ from: 'wait', port: 'next' }])).toBeNull()
  })
})

describe('deleting', () => {
  it('joins the neighbours of a step', () => {
    expect(edgesOf(done(remove(drawn('start > wait > end'), ['wait'], kinds)).doc)).toEqual(['start:next > end'])
  })

  it('joins across a whole chain', () => {
    const doc = drawn('start > wait > email > end')
    expect(edgesOf(done(remove(doc, ['wait', 'email'], kinds)).doc)).toEqual(['start:next > end'])
  })

  it('keeps the first connected way of a branch', () => {
    const doc = drawn('start > if', 'if:yes > email > end', 'if:else > end')
    expect(edgesOf(done(remove(doc, ['if'], kinds)).doc)).toEqual(['email:next > end', 'start:next > email'])
  })

  it('leaves the port open when nothing follows', () => {
    expect(edgesOf(done(remove(drawn('start > end'), ['end'], kinds)).doc)).toEqual([])
  })

  it('does not tie a step to itself when a circle is opened', () => {
    const doc = drawn('start > wait > email > wait')
    expect(edgesOf(done(remove(doc, ['email'], kinds)).doc)).toEqual(['start:next > wait'])
  })

  it('ends when everything of a circle goes', () => {
    const doc = drawn('start > wait > email > wait')
    expect(edgesOf(done(remove(doc, ['wait', 'email'], kinds)).doc)).toEqual([])
  })

  it('has nothing to do for a step that is not there', () => {
    expect(remove(drawn('start'), ['gone'], kinds)).toBeNull()
  })
})

describe('moving', () => {
  it('counts the steps that moved, and is nothing when none did', () => {
    const doc = drawn('start > wait > end')
    const change = done(
      move(doc, { start: { x: 10.4, y: 0 }, wait: { x: 20, y: 30 }, end: doc.nodes[2]?.position as never }),
    )
    expect(change.name).toBe('move 2 steps')
    expect(placeOf(change.doc, 'start')).toEqual({ x: 10, y: 0 })
    expect(move(doc, { start: { x: 0.2, y: 0 } })).toBeNull()
  })

  it('makes a run of arrow keys one burst', () => {
    const first = done(nudge(drawn('start'), new Set(['start']), { x: 1, y: 0 }))
    const second = done(nudge(first.doc, new Set(['start']), { x: 1, y: 0 }))
    expect(second.burst).toBe(first.burst)
    expect(placeOf(second.doc, 'start')?.x).toBe(16)
  })
})

describe('editing', () => {
  it('drops the edges of ports that are gone', () => {
    const doc = drawn('start > if', 'if:yes > email', 'if:else > end')
    const change = done(editConfig(doc, 'if', { ports: ['yes'] }, 'ports', kinds))
    expect(edgesOf(change.doc)).toEqual(['if:yes > email', 'start:next > if'])
  })

  it('lets the edge follow a port that is called something else', () => {
    const doc = drawn('start > if', 'if:yes > email', 'if:else > end')
    const change = done(editConfig(doc, 'if', { ports: ['pro', 'else'] }, 'ports', kinds))
    expect(edgesOf(change.doc)).toEqual(['if:else > end', 'if:pro > email', 'start:next > if'])
  })

  it('clears a key that is set to undefined', () => {
    const doc = done(editConfig(drawn('wait'), 'wait', { a: 1, b: 2 }, 'a', kinds)).doc
    expect(done(editConfig(doc, 'wait', { a: undefined }, 'a', kinds)).doc.nodes[0]?.config).toEqual({ b: 2 })
  })

  it('names a step, and gives its sentence back for an empty name', () => {
    const named = done(renameNode(drawn('wait'), 'wait', 'A rest')).doc
    expect(named.nodes[0]?.name).toBe('A rest')
    expect(done(renameNode(named, 'wait', '')).doc.nodes[0]).not.toHaveProperty('name')
    expect(renameNode(named, 'wait', 'A rest')).toBeNull()
  })

  it('takes empty settings out of the document', () => {
    const doc = editSettings(drawn('start'), { timezone: 'Europe/Berlin' }, 'timezone').doc
    expect(doc.settings).toEqual({ timezone: 'Europe/Berlin' })
    expect(editSettings(doc, { timezone: undefined }, 'timezone').doc).not.toHaveProperty('settings')
  })

  it('keeps keys it does not know', () => {
    const doc = { ...drawn('start'), notes: [{ text: 'ask Ben' }] }
    expect(done(renameJourney(doc, 'New')).doc.notes).toEqual([{ text: 'ask Ben' }])
  })
})

describe('copying', () => {
  it('keeps the edges among the copied steps and gives new ids', () => {
    const doc = drawn('start > wait-1 > email-1 > end')
    const clip = copy(doc, new Set(['wait-1', 'email-1']))
    const pasted = paste(doc, clip as never, { x: 0, y: 0 }, kinds)
    expect(pasted.select).toEqual(['wait-2', 'email-2'])
    expect(edgesOf(pasted.doc)).toContain('wait-2:next > email-2')
    expect(edgesOf(pasted.doc)).not.toContain('email-2:next > end')
    expectNoOverlap(pasted.doc)
  })

  it('puts a copy beside the original', () => {
    const doc = drawn('start > wait > end')
    expectNoOverlap(done(duplicate(doc, new Set(['start', 'wait', 'end']), kinds)).doc)
  })

  it('lets a copied condition speak of the copied message', () => {
    const doc = drawn('email-1 > if-1')
    const asked = done(
      editConfig(doc, 'if-1', { when: { all: [{ message: 'email-1', was: 'opened' }] } }, 'when', kinds),
    )
    const copied = done(duplicate(asked.doc, new Set(['email-1', 'if-1']), kinds)).doc
    const branch = copied.nodes.find((node) => node.id === 'if-2')
    expect(branch?.config).toEqual({ when: { all: [{ message: 'email-2', was: 'opened' }] } })
  })

  it('reads only what is a clip or a journey', () => {
    const clip = copy(drawn('start > wait'), new Set(['start', 'wait']))
    expect(readClip(JSON.stringify(clip))).toEqual(clip)
    expect(readClip('just words')).toBeNull()
    expect(readClip('{"format":"sojourn/journey@1","nodes":[{"id":1}],"edges":[]}')).toBeNull()
    expect(readClip('null')).toBeNull()
  })
})
