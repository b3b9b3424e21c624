import type { ReactFlowInstance } from '@xyflow/react'
import { useEffect } from 'react'
import { copy, duplicate, paste, readClip } from '../journey/commands/clipboard'
import { disconnect } from '../journey/commands/connect'
import { nudge } from '../journey/commands/move'
import { remove } from '../journey/commands/remove'
import type { Point } from '../journey/document'
import { portFromKey } from '../journey/geometry'
import type { EditorStore } from '../journey/store'
import { type Direction, downstream, neighbour, readingOrder, upstream } from '../journey/walk'
import { kinds } from '../kinds/registry'
import { documentOf } from './context'
import { actionOf, isTyping, type KeyAction } from './keyboard'
import type { Card, Line } from './mapping'
import { intoView, showSelected } from './viewport'

export interface KeyHands {
  readonly store: EditorStore
  readonly flow: ReactFlowInstance<Card, Line>
  readonly onQuickAdd: () => void
  readonly onTidy: () => void
  readonly onFit: (ids?: readonly string[]) => void
  readonly onMap: () => void
  readonly onKeys: () => void
  readonly onSave: () => void
  /** Where pasted steps go: under the pointer, else the middle of what is seen. */
  readonly middle: () => Point
}

const STEPS: Readonly<Record<Direction, Point>> = {
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
}

/** The canvas listens on the window, so that keys work wherever the focus rests, except in fields and dialogs. */
export function useKeys(hands: KeyHands): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = actionOf(event)
      if (!action) return
      // Undo in a field undoes the journey too: what was typed there is one of its steps.
      const isHistory = action === 'undo' || action === 'redo' || action === 'save'
      if (isTyping(event.target) && !(isHistory && !isInDialog(event.target))) return
      if (action === 'open' && event.target instanceof HTMLButtonElement) return
      if (action === 'copy' && (window.getSelection()?.toString() ?? '') !== '') return
      if (action === 'paste') return
      event.preventDefault()
      obey(action, hands)
    }
    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event.target)) return
      const clip = readClip(event.clipboardData?.getData('text/plain') ?? '')
      if (!clip) return
      event.preventDefault()
      hands.store.getState().act((doc) => paste(doc, clip, hands.middle(), kinds))
      showSelected(hands.store, hands.flow)
    }
    window.addEventListener('keydown', onKey)
    window.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('paste', onPaste)
    }
  }, [hands])
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role="dialog"]') !== null
}

type Deed = (hands: KeyHands) => void

const DEEDS: Readonly<Record<Extract<KeyAction, string>, Deed>> = {
  undo: ({ store }) => store.getState().undo(),
  redo: ({ store }) => store.getState().redo(),
  copy: ({ store }) => toClipboard(store),
  cut: ({ store }) => {
    toClipboard(store)
    deleteSelected(store)
  },
  // Pasting is left to the browser's own event: reading the clipboard would ask for a permission.
  paste: () => {},
  duplicate: ({ store, flow }) => {
    const { act, view } = store.getState()
    act((doc) => duplicate(doc, view.selected, kinds))
    showSelected(store, flow)
  },
  all: ({ store }) => store.getState().select(documentOf(store.getState()).nodes.map((node) => node.id)),
  delete: ({ store }) => deleteSelected(store),
  open: ({ store }) => {
    const [only] = store.getState().view.selected
    if (only) store.getState().focusOn(only, null)
  },
  escape: ({ store }) => store.getState().select([]),
  quick: (hands) => hands.onQuickAdd(),
  tidy: (hands) => hands.onTidy(),
  fit: (hands) => hands.onFit(),
  fitSelection: (hands) => hands.onFit([...hands.store.getState().view.selected]),
  actual: ({ flow }) => void flow.zoomTo(1, { duration: 180 }),
  in: ({ flow }) => void flow.zoomIn({ duration: 160 }),
  out: ({ flow }) => void flow.zoomOut({ duration: 160 }),
  map: (hands) => hands.onMap(),
  keys: (hands) => hands.onKeys(),
  save: (hands) => hands.onSave(),
}

function obey(action: KeyAction, hands: KeyHands): void {
  if (typeof action === 'string') {
    DEEDS[action](hands)
    return
  }
  const { act, view, select } = hands.store.getState()
  const [only] = view.selected
  if ('walk' in action) walk(action.walk, hands)
  else if ('nudge' in action) act((doc) => nudge(doc, view.selected, STEPS[action.nudge]))
  else if (only) select((action.reach === 'up' ? upstream : downstream)(documentOf(hands.store.getState()), only))
}

export function deleteSelected(store: EditorStore): void {
  const { act, view } = store.getState()
  if (view.selected.size > 0) act((doc) => remove(doc, view.selected, kinds))
  else if (view.selectedEdges.size > 0) act((doc) => disconnect(doc, [...view.selectedEdges].map(portFromKey)))
}

function toClipboard(store: EditorStore): void {
  const clip = copy(documentOf(store.getState()), store.getState().view.selected)
  if (clip) void navigator.clipboard?.writeText(JSON.stringify(clip, null, 2))
}

function walk(direction: Direction, { store, flow }: KeyHands): void {
  const { view, select } = store.getState()
  const doc = documentOf(store.getState())
  const [only] = view.selected
  const next = only ? neighbour(doc, only, direction, kinds) : (readingOrder(doc, kinds)[0] ?? null)
  if (!next) return
  select([next])
  intoView(store, flow, next)
  document
    .querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(next)}"]`)
    ?.focus({ preventScroll: true })
}
