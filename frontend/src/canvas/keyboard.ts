/** Every key of the canvas, once: the keys dialog lists them, the canvas obeys them. */
import type { Direction } from '../journey/walk'

export type KeyAction =
  | 'undo'
  | 'redo'
  | 'copy'
  | 'cut'
  | 'paste'
  | 'duplicate'
  | 'all'
  | 'delete'
  | 'open'
  | 'quick'
  | 'tidy'
  | 'fit'
  | 'fitSelection'
  | 'actual'
  | 'in'
  | 'out'
  | 'map'
  | 'keys'
  | 'escape'
  | 'save'
  | { readonly walk: Direction }
  | { readonly nudge: Direction }
  | { readonly reach: 'up' | 'down' }

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

/** What a key press asks for; null when it is none of ours. */
export function actionOf(event: KeyboardEvent): KeyAction | null {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  if (event.ctrlKey || event.metaKey) return event.altKey ? null : withControl(key, event.shiftKey)
  const arrow = ARROWS[key]
  if (arrow && event.altKey) return { nudge: arrow }
  if (arrow && event.shiftKey) return arrow === 'up' || arrow === 'down' ? { reach: arrow } : null
  if (arrow) return { walk: arrow }
  if (event.shiftKey && event.altKey && event.code === 'KeyT') return 'tidy'
  if (event.altKey) return null
  if (event.code === 'Digit1' && event.shiftKey) return 'fit'
  if (event.code === 'Digit2' && event.shiftKey) return 'fitSelection'
  return PLAIN[key] ?? null
}

const PLAIN: Readonly<Record<string, KeyAction>> = {
  Delete: 'delete',
  Backspace: 'delete',
  Enter: 'open',
  Escape: 'escape',
  '/': 'quick',
  '?': 'keys',
  '0': 'actual',
  '1': 'fit',
  '+': 'in',
  '=': 'in',
  '-': 'out',
  m: 'map',
  t: 'tidy',
}

function withControl(key: string, isShifted: boolean): KeyAction | null {
  if (key === 'z') return isShifted ? 'redo' : 'undo'
  const actions: Readonly<Record<string, KeyAction>> = {
    y: 'redo',
    c: 'copy',
    x: 'cut',
    v: 'paste',
    d: 'duplicate',
    a: 'all',
    s: 'save',
  }
  return isShifted ? null : (actions[key] ?? null)
}

/** Whether the keys belong to a field somebody types in, or to a dialog, and not to the canvas. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable || target.closest('input, textarea, select, [role="dialog"], [role="listbox"]') !== null
  )
}

export interface KeyHelp {
  readonly keys: readonly string[]
  readonly words: string
}

export const KEY_HELP: readonly { readonly title: string; readonly keys: readonly KeyHelp[] }[] = [
  {
    title: 'Draw',
    keys: [
      { keys: ['/'], words: 'Add a step by name' },
      { keys: ['Enter'], words: 'Open the selected step' },
      { keys: ['Delete'], words: 'Delete, and join what is left' },
      { keys: ['Ctrl', 'D'], words: 'Duplicate' },
      { keys: ['Ctrl', 'C'], words: 'Copy, for another journey too' },
      { keys: ['Ctrl', 'V'], words: 'Paste' },
      { keys: ['Ctrl', 'Z'], words: 'Undo' },
      { keys: ['Ctrl', 'Shift', 'Z'], words: 'Redo' },
      { keys: ['T'], words: 'Tidy up' },
    ],
  },
  {
    title: 'Move around',
    keys: [
      { keys: ['↑', '↓'], words: 'To the step before or after' },
      { keys: ['←', '→'], words: 'To the step beside' },
      { keys: ['Shift', '↑ ↓'], words: 'Select everything before or after' },
      { keys: ['Alt', 'arrows'], words: 'Move the selected steps' },
      { keys: ['Ctrl', 'A'], words: 'Select everything' },
      { keys: ['1'], words: 'Show everything' },
      { keys: ['0'], words: 'Original size' },
      { keys: ['+', '−'], words: 'Larger, smaller (or Ctrl and wheel)' },
      { keys: ['Space'], words: 'Hold and drag to move the canvas' },
      { keys: ['M'], words: 'Map' },
      { keys: ['Esc'], words: 'Select nothing' },
    ],
  },
]
