/**
 * Saves the document as it changes, one request at a time, and never over somebody else's work.
 *
 * Every save names the revision it was made from. A refusal because of another revision stops saving until the author
 * has chosen; both documents stay. What is not saved yet is kept on this computer, so that a closed tab loses nothing.
 */
import type { JourneyDocument } from './document'

const QUIET_MS = 700
const RETRY_MS = 1_000
const RETRY_MS_MAX = 30_000

export interface Theirs {
  readonly revision: number
  readonly doc: JourneyDocument
}

export type SaveState =
  | { readonly kind: 'saved' }
  /** Changed, and on its way. */
  | { readonly kind: 'saving' }
  | { readonly kind: 'offline' }
  /** The server does not take the document as it is; the next change tries again. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'conflict'; readonly theirs: Theirs }

export type Answer =
  | { readonly kind: 'saved'; readonly revision: number }
  | { readonly kind: 'conflict'; readonly theirs: Theirs }
  | { readonly kind: 'offline' }
  | { readonly kind: 'refused'; readonly message: string }

/** A copy of unsaved work, with the revision it was made from. */
export interface Kept {
  readonly doc: JourneyDocument
  readonly revision: number
}

export interface Keeper {
  readonly read: () => Kept | null
  /** `null` when there is nothing left to keep. */
  readonly write: (kept: Kept | null) => void
}

export interface Autosave {
  readonly state: () => SaveState
  /** The revision of the last document the server is known to hold. */
  readonly revision: () => number
  readonly changed: (doc: JourneyDocument) => void
  /** Save now; resolves when nothing is waiting, or when saving can't go on by itself. */
  readonly flush: () => Promise<SaveState>
  /** After a conflict: put mine over theirs, or go on from theirs. */
  readonly keepMine: () => void
  readonly takeTheirs: () => void
  /** Go on from a newer document of the server's that is on screen now. */
  readonly moveTo: (revision: number) => void
  readonly subscribe: (listener: () => void) => () => void
  /** Try no more by itself, until the next change: the page is left, and the kept copy waits for it. */
  readonly rest: () => void
}

interface Start {
  readonly revision: number
  readonly send: (doc: JourneyDocument, revision: number) => Promise<Answer>
  readonly keeper: Keeper
  /** Unsaved work found on opening that was made from an older revision than the server has now. */
  readonly stale?: { readonly mine: JourneyDocument; readonly theirs: Theirs }
}

export function createAutosave(start: Start): Autosave {
  let revision = start.revision
  let state: SaveState = start.stale ? { kind: 'conflict', theirs: start.stale.theirs } : { kind: 'saved' }
  let waiting: JourneyDocument | null = start.stale?.mine ?? null
  let isSending = false
  let retries = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()

  const turn = (next: SaveState) => {
    state = next
    for (const listener of [...listeners]) listener()
  }

  const later = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => void save(), ms)
  }

  async function save(): Promise<void> {
    clearTimeout(timer)
    if (isSending || waiting === null || state.kind === 'conflict') return
    const doc = waiting
    waiting = null
    isSending = true
    const answer = await start.send(doc, revision)
    isSending = false
    if (answer.kind === 'saved') arrived(answer.revision)
    else failed(doc, answer)
  }

  function arrived(now: number): void {
    revision = now
    retries = 0
    if (waiting !== null) {
      start.keeper.write({ doc: waiting, revision })
      later(0)
      return
    }
    start.keeper.write(null)
    turn({ kind: 'saved' })
  }

  function failed(doc: JourneyDocument, answer: Exclude<Answer, { kind: 'saved' }>): void {
    const hasNewer = waiting !== null
    waiting ??= doc
    if (answer.kind === 'conflict') {
      turn({ kind: 'conflict', theirs: answer.theirs })
    } else if (answer.kind === 'refused') {
      turn({ kind: 'refused', message: answer.message })
      if (hasNewer) later(QUIET_MS)
    } else {
      later(Math.min(RETRY_MS * 2 ** retries, RETRY_MS_MAX))
      retries += 1
      turn({ kind: 'offline' })
    }
  }

  return {
    state: () => state,
    revision: () => revision,
    changed: (doc) => {
      waiting = doc
      start.keeper.write({ doc, revision })
      if (state.kind === 'conflict') return
      if (state.kind === 'offline') return
      if (state.kind !== 'saving') turn({ kind: 'saving' })
      later(QUIET_MS)
    },
    flush: async () => {
      const isMoving = () => isSending || (waiting !== null && state.kind === 'saving')
      if (waiting !== null && state.kind !== 'conflict') {
        if (state.kind !== 'saving') turn({ kind: 'saving' })
        await save()
      }
      while (isMoving()) {
        await new Promise<void>((resolve) => {
          const off = subscribe(() => {
            off()
            resolve()
          })
          if (!isSending) void save()
        })
      }
      return state
    },
    keepMine: () => {
      if (state.kind !== 'conflict') return
      revision = state.theirs.revision
      turn({ kind: 'saving' })
      later(0)
    },
    takeTheirs: () => {
      if (state.kind !== 'conflict') return
      revision = state.theirs.revision
      waiting = null
      start.keeper.write(null)
      turn({ kind: 'saved' })
    },
    moveTo: (now) => {
      if (isSending) return
      clearTimeout(timer)
      revision = now
      waiting = null
      start.keeper.write(null)
      turn({ kind: 'saved' })
    },
    subscribe,
    rest: () => clearTimeout(timer),
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
}

/** Keeps the unsaved copy under one key of a storage; a full or forbidden storage keeps nothing, saving goes on. */
export function storageKeeper(storage: Storage, key: string): Keeper {
  return {
    read: () => {
      const text = storage.getItem(key)
      if (text === null) return null
      try {
        const kept = JSON.parse(text) as Partial<Kept>
        return kept.doc && typeof kept.revision === 'number' ? (kept as Kept) : null
      } catch (error) {
        if (error instanceof SyntaxError) return null
        throw error
      }
    },
    write: (kept) => {
      try {
        if (kept === null) storage.removeItem(key)
        else storage.setItem(key, JSON.stringify(kept))
      } catch (error) {
        if (!(error instanceof DOMException)) throw error
      }
    },
  }
}
