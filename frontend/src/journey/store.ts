/**
 * The open journey: its document with history, and the view (what is selected, dragged, looked at).
 *
 * They are apart on purpose: the frames of a drag touch the view alone, the end of the drag is one change of the
 * document. Autosave and undo look only at the document.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { At } from './commands/addNode'
import type { Action } from './commands/change'
import type { JourneyDocument, Point } from './document'
import { begun, changed, type History, redone, undone } from './history'
import { NO_PROBLEMS, type Problems } from './problem'

export type Mode = 'edit' | 'live'

/** What the pointer carries while something is dragged from the palette. */
export interface Carried {
  readonly type: string
  readonly over: At | null
}

export interface View {
  readonly mode: Mode
  readonly selected: ReadonlySet<string>
  readonly selectedEdges: ReadonlySet<string>
  /** Places of cards under the pointer, until they are dropped. */
  readonly dragged: Readonly<Record<string, Point>>
  readonly carried: Carried | null
  /** What the last check found; the server's word, as old as the last save. */
  readonly problems: Problems
  /** The document that check was about. */
  readonly checked: JourneyDocument | null
  /** Whether the panel should take the focus: opened with Enter or by a problem. */
  readonly focus: { readonly field: string | null; readonly count: number }
}

export interface Editor {
  readonly history: History
  readonly view: View
  /** Do an action; a wrong moment (live view) or nothing to do changes nothing. Answers whether something changed. */
  readonly act: (action: Action) => boolean
  readonly undo: () => void
  readonly redo: () => void
  readonly select: (ids: Iterable<string>, edges?: Iterable<string>) => void
  readonly look: (view: Partial<View>) => void
  readonly focusOn: (id: string | null, field: string | null) => void
  /** Put another document in its place, forgetting history: what the server has, after a conflict. */
  readonly replace: (doc: JourneyDocument) => void
}

export type EditorStore = StoreApi<Editor>

const NOTHING: ReadonlySet<string> = new Set()

export function createEditor(doc: JourneyDocument, now: () => number = Date.now): EditorStore {
  const store = createStore<Editor>((set, get) => ({
    history: begun(doc),
    view: {
      mode: 'edit',
      selected: NOTHING,
      selectedEdges: NOTHING,
      dragged: {},
      carried: null,
      problems: NO_PROBLEMS,
      checked: null,
      focus: { field: null, count: 0 },
    },
    act: (action) => {
      const { history, view } = get()
      if (view.mode === 'live') return false
      const change = action(history.doc)
      if (!change) return false
      const selected = change.select ? new Set(change.select) : still(view.selected, change.doc)
      set({
        history: changed(history, change, now()),
        view: { ...view, selected, selectedEdges: change.select ? NOTHING : view.selectedEdges },
      })
      return true
    },
    undo: () => travel(undone),
    redo: () => travel(redone),
    select: (ids, edges = []) =>
      set({ view: { ...get().view, selected: new Set(ids), selectedEdges: new Set(edges) } }),
    look: (view) => set({ view: { ...get().view, ...view } }),
    focusOn: (id, field) => {
      const { view } = get()
      const focus = { field, count: view.focus.count + 1 }
      set({ view: { ...view, selected: id === null ? NOTHING : new Set([id]), selectedEdges: NOTHING, focus } })
    },
    replace: (doc) => set({ history: begun(doc), view: { ...get().view, selected: NOTHING, selectedEdges: NOTHING } }),
  }))
  return store

  function travel(step: (history: History) => History): void {
    const { history, view } = store.getState()
    if (view.mode === 'live') return
    const there = step(history)
    if (there === history) return
    store.setState({ history: there, view: { ...view, selected: still(view.selected, there.doc), dragged: {} } })
  }
}

/** The selection without what is no longer there. */
function still(selected: ReadonlySet<string>, doc: JourneyDocument): ReadonlySet<string> {
  const kept = doc.nodes.filter((node) => selected.has(node.id))
  return kept.length === selected.size ? selected : new Set(kept.map((node) => node.id))
}
