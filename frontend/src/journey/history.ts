/**
 * Undo and redo over whole documents. Documents are immutable and share what did not change, so a step costs little.
 *
 * Selection, sizes and the frames of a drag never come here: only documents do.
 */
import type { Change } from './commands/change'
import type { JourneyDocument } from './document'

const STEPS_MAX = 200
/** Typing on in the same field within this time belongs to the same step. */
const BURST_MS = 1_500

interface Step {
  readonly name: string
  /** The document before it (in the past) or after it (in the future). */
  readonly doc: JourneyDocument
}

export interface History {
  readonly doc: JourneyDocument
  readonly past: readonly Step[]
  readonly future: readonly Step[]
  /** The burst the newest step belongs to, and when it was last added to, in ms. */
  readonly burst: { readonly key: string; readonly at: number } | null
}

export function begun(doc: JourneyDocument): History {
  return { doc, past: [], future: [], burst: null }
}

/** The history after a change; `now` in ms decides whether a burst goes on. */
export function changed(history: History, change: Change, now: number): History {
  const { burst, past } = history
  const goesOn = change.burst !== undefined && burst?.key === change.burst && now - burst.at < BURST_MS
  const steps = goesOn && past.length > 0 ? past : [...past, { name: change.name, doc: history.doc }].slice(-STEPS_MAX)
  return {
    doc: change.doc,
    past: steps,
    future: [],
    burst: change.burst === undefined ? null : { key: change.burst, at: now },
  }
}

export function undone(history: History): History {
  const step = history.past.at(-1)
  if (!step) return history
  const future = [...history.future, { name: step.name, doc: history.doc }]
  return { doc: step.doc, past: history.past.slice(0, -1), future, burst: null }
}

export function redone(history: History): History {
  const step = history.future.at(-1)
  if (!step) return history
  const past = [...history.past, { name: step.name, doc: history.doc }]
  return { doc: step.doc, past, future: history.future.slice(0, -1), burst: null }
}
