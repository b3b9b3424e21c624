import { describe, expect, it } from 'vitest'
import { drawn, testKinds as kinds } from './building'
import { editConfig, renameJourney } from './commands/edit'
import { move } from './commands/move'
import { remove } from './commands/remove'
import { createEditor } from './store'

function opened(lines = ['start > wait > end']) {
  let now = 0
  const store = createEditor(drawn(...lines), () => now)
  return { store, editor: () => store.getState(), pass: (ms: number) => (now += ms) }
}

describe('history', () => {
  it('undoes and redoes one action at a time, by name', () => {
    const { editor } = opened()
    editor().act((doc) => move(doc, { wait: { x: 40, y: 40 } }))
    editor().act((doc) => remove(doc, ['wait'], kinds))
    expect(editor().history.past.map((step) => step.name)).toEqual(['move step', 'delete step'])
    editor().undo()
    expect(editor().history.doc.nodes).toHaveLength(3)
    expect(editor().history.future.at(-1)?.name).toBe('delete step')
    editor().undo()
    expect(editor().history.doc.nodes[1]?.position).toEqual({ x: 0, y: 160 })
    editor().redo()
    editor().redo()
    expect(editor().history.doc.nodes).toHaveLength(2)
  })

  it('makes a burst of typing one step', () => {
    const { editor, pass } = opened()
    for (const name of ['W', 'We', 'Wel']) {
      editor().act((doc) => renameJourney(doc, name))
      pass(200)
    }
    expect(editor().history.past).toHaveLength(1)
    editor().undo()
    expect(editor().history.doc.name).toBe('Test')
  })

  it('begins a new step after a pause, in another field, and after an undo', () => {
    const { editor, pass } = opened()
    editor().act((doc) => renameJourney(doc, 'A'))
    pass(5_000)
    editor().act((doc) => renameJourney(doc, 'AB'))
    editor().act((doc) => editConfig(doc, 'wait', { days: 2 }, 'days', kinds))
    expect(editor().history.past).toHaveLength(3)
    editor().undo()
    editor().act((doc) => editConfig(doc, 'wait', { days: 3 }, 'days', kinds))
    expect(editor().history.past).toHaveLength(3)
    expect(editor().history.future).toHaveLength(0)
  })

  it('does not see the frames of a drag, only its end', () => {
    const { editor } = opened()
    for (let x = 0; x < 50; x++) editor().look({ dragged: { wait: { x, y: 0 } } })
    expect(editor().history.past).toHaveLength(0)
    editor().act((doc) => move(doc, editor().view.dragged))
    expect(editor().history.past).toHaveLength(1)
  })

  it('remembers nothing when there was nothing to do', () => {
    const { editor } = opened()
    expect(editor().act((doc) => remove(doc, ['gone'], kinds))).toBe(false)
    expect(editor().history.past).toHaveLength(0)
  })

  it('keeps the last two hundred steps', () => {
    const { editor, pass } = opened()
    for (let i = 0; i < 250; i++) {
      pass(10_000)
      editor().act((doc) => renameJourney(doc, `${i}`))
    }
    expect(editor().history.past).toHaveLength(200)
  })
})

describe('the view', () => {
  it('selects what an action made, and forgets what is gone', () => {
    const { editor } = opened()
    editor().select(['wait', 'end'])
    editor().act((doc) => {
      const change = remove(doc, ['wait'], kinds)
      return change && { name: change.name, doc: change.doc }
    })
    expect([...editor().view.selected]).toEqual(['end'])
  })

  it('lets nobody draw or undo while watching', () => {
    const { editor } = opened()
    editor().act((doc) => renameJourney(doc, 'A'))
    editor().look({ mode: 'live' })
    expect(editor().act((doc) => renameJourney(doc, 'B'))).toBe(false)
    editor().undo()
    expect(editor().history.doc.name).toBe('A')
  })
})
