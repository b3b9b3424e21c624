import { describe, expect, it } from 'vitest'
import { drawn, testKinds as kinds } from '../journey/building'
import { addAt } from '../journey/commands/addNode'
import { editConfig } from '../journey/commands/edit'
import { move } from '../journey/commands/move'
import type { JourneyDocument } from '../journey/document'
import { actionOf, isTyping, KEY_HELP } from './keyboard'
import { byId, type Card, describe as described, type Line, toCards, toLines } from './mapping'

const LOOKS = { selected: new Set<string>(), dragged: {} }

function cardsOf(
  doc: JourneyDocument,
  looks = LOOKS,
  before = new Map<string, Card>(),
  said = described(doc, kinds, null),
) {
  return { said, cards: toCards(said, looks, before) }
}

describe('mapping', () => {
  it('puts cards in reading order, with their ports and the place where edges arrive', () => {
    const { cards } = cardsOf(drawn('start > if', 'if:else > end', 'if:yes > email'))
    expect(cards.map((card) => card.id)).toEqual(['start', 'if', 'email', 'end'])
    expect(cards[1]?.handles?.map((handle) => handle.id)).toEqual(['yes', 'else', 'in'])
    expect(cards[0]?.handles?.map((handle) => handle.id)).toEqual(['next'])
    expect(cards[2]?.data.ports).toEqual([{ id: 'next', label: '', isOpen: true }])
  })

  it('hands out the same card while it is the same, and a new one only for what moved', () => {
    const doc = drawn('start > wait > end')
    const { said, cards } = cardsOf(doc)
    const dragged = toCards(said, { ...LOOKS, dragged: { wait: { x: 9, y: 9 } } }, byId(cards))
    expect(dragged[0]).toBe(cards[0])
    expect(dragged[1]).not.toBe(cards[1])
    expect(dragged[1]?.data).toBe(cards[1]?.data)
    expect(dragged[1]?.position).toEqual({ x: 9, y: 9 })
    expect(dragged[2]).toBe(cards[2])
  })

  it('keeps what a card says while another is edited', () => {
    const doc = drawn('start > wait > end')
    const first = described(doc, kinds, null)
    const edited = editConfig(doc, 'wait', { days: 2 }, 'days', kinds)?.doc as JourneyDocument
    const second = described(edited, kinds, first)
    expect(second.data.get('start')).toBe(first.data.get('start'))
  })

  it('names lines by their port, so that a line keeps its place in React when a step is put into it', () => {
    const doc = drawn('start > end')
    const before = toLines(doc, new Set(), kinds, new Map())
    const inserted = addAt(doc, kinds('wait') as never, { from: 'start', port: 'next' }, kinds)?.doc as JourneyDocument
    const after = toLines(inserted, new Set(), kinds, byId(before))
    expect(after.map((line) => line.id)).toEqual(['start:next', 'wait-1:next'])
    expect(after[0]).not.toBe(before[0])
    const moved = move(doc, { end: { x: 50, y: 50 } })?.doc as JourneyDocument
    expect(toLines(moved, new Set(), kinds, byId<Line>(before))[0]).toBe(before[0])
  })

  it('leaves out lines whose port or end is not there', () => {
    const doc = {
      ...drawn('start > end'),
      edges: [
        { from: 'start', port: 'gone', to: 'end' },
        { from: 'start', port: 'next', to: 'nowhere' },
        { from: 'nobody', port: 'next', to: 'end' },
      ],
    }
    expect(toLines(doc, new Set(), kinds, new Map())).toEqual([])
  })
})

describe('keys', () => {
  const press = (key: string, more: Partial<KeyboardEventInit> = {}) =>
    actionOf(new KeyboardEvent('keydown', { key, ...more }))

  it.each([
    ['z', { ctrlKey: true }, 'undo'],
    ['z', { metaKey: true, shiftKey: true }, 'redo'],
    ['Z', { ctrlKey: true, shiftKey: true }, 'redo'],
    ['y', { ctrlKey: true }, 'redo'],
    ['d', { ctrlKey: true }, 'duplicate'],
    ['Delete', {}, 'delete'],
    ['Backspace', {}, 'delete'],
    ['/', {}, 'quick'],
    ['?', { shiftKey: true }, 'keys'],
    ['!', { shiftKey: true, code: 'Digit1' }, 'fit'],
    ['x', {}, null],
    ['t', { ctrlKey: true }, null],
    ['c', { ctrlKey: true, shiftKey: true }, null],
  ])('%s %j', (key, more, action) => {
    expect(press(key, more)).toBe(action)
  })

  it('walk with arrows, move with Alt, reach with Shift', () => {
    expect(press('ArrowDown')).toEqual({ walk: 'down' })
    expect(press('ArrowLeft', { altKey: true })).toEqual({ nudge: 'left' })
    expect(press('ArrowUp', { shiftKey: true })).toEqual({ reach: 'up' })
    expect(press('ArrowLeft', { shiftKey: true })).toBeNull()
  })

  it('belong to the field somebody types in', () => {
    document.body.innerHTML = '<input id="a"><div role="dialog"><button id="b"></button></div><p id="c"></p>'
    expect(['a', 'b', 'c'].map((id) => isTyping(document.getElementById(id)))).toEqual([true, true, false])
  })

  it('are all explained', () => {
    expect(KEY_HELP.flatMap((group) => group.keys).every((help) => help.words !== '' && help.keys.length > 0)).toBe(
      true,
    )
  })
})
