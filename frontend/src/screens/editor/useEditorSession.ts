import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { ApiProblem, api, reasonOf } from '../../api/client'
import type { Journey, Problem } from '../../api/types'
import { type Answer, type Autosave, createAutosave, type SaveState, storageKeeper } from '../../journey/autosave'
import { isSameDocument, type JourneyDocument, normalised } from '../../journey/document'
import { problemsOf } from '../../journey/problem'
import { createEditor, type EditorStore } from '../../journey/store'

export interface EditorSession {
  readonly store: EditorStore
  readonly autosave: Autosave
  /** Ask the server what is wrong with what is saved, now. */
  readonly check: () => Promise<readonly Problem[]>
}

export const journeyKey = (id: number) => ['journeys', 'one', id] as const

/** The open journey: its document, its saving and its problems, for as long as the editor is on screen. */
export function useEditorSession(journey: Journey): EditorSession {
  const cache = useQueryClient()
  const [session] = useState(() => begin(journey))
  const { store, autosave, check } = session

  useEffect(() => {
    const offStore = store.subscribe((now, before) => {
      if (now.history.doc !== before.history.doc) autosave.changed(now.history.doc)
    })
    const offSave = autosave.subscribe(() => {
      if (autosave.state().kind !== 'saved') return
      cache.setQueryData<Journey>(journeyKey(journey.id), (known) =>
        known && known.revision !== autosave.revision()
          ? { ...known, revision: autosave.revision(), name: store.getState().history.doc.name, has_changes: true }
          : known,
      )
      void check()
    })
    const onHide = () => {
      if (document.visibilityState === 'hidden') void autosave.flush()
    }
    document.addEventListener('visibilitychange', onHide)
    void check()
    return () => {
      offStore()
      offSave()
      document.removeEventListener('visibilitychange', onHide)
      void autosave.flush().then(() => {
        autosave.rest()
        void cache.invalidateQueries({ queryKey: ['journeys'] })
      })
    }
  }, [store, autosave, check, cache, journey.id])

  return session
}

function begin(journey: Journey): EditorSession {
  const { id } = journey
  const server = normalised(journey.draft as JourneyDocument)
  const keeper = storageKeeper(window.localStorage, `sojourn:journey:${id}`)
  const kept = keeper.read()
  const isDifferent = kept !== null && !isSameDocument(kept.doc, server)
  if (kept !== null && !isDifferent) keeper.write(null)
  const mine = kept !== null && isDifferent ? normalised(kept.doc) : null
  const isStale = mine !== null && kept?.revision !== journey.revision
  const store = createEditor(isStale ? mine : server)
  const autosave = createAutosave({
    revision: journey.revision,
    keeper,
    send: (doc, revision) => sendDraft(id, doc, revision),
    stale: isStale ? { mine, theirs: { revision: journey.revision, doc: server } } : undefined,
  })
  if (mine && !isStale) {
    store.getState().act(() => ({ name: 'restore what was not saved', doc: mine }))
    autosave.changed(mine)
  }
  return { store, autosave, check: checker(id, store) }
}

async function sendDraft(id: number, doc: JourneyDocument, revision: number): Promise<Answer> {
  try {
    const headers = { 'If-Match': `"${revision}"` }
    const saved = await api.put<{ revision: number }>(`/api/journeys/${id}/draft`, doc, { headers })
    return { kind: 'saved', revision: saved.revision }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    const current = error.document.current as { revision: number; draft: JourneyDocument } | undefined
    if (error.status === 412 && current) {
      return { kind: 'conflict', theirs: { revision: current.revision, doc: normalised(current.draft) } }
    }
    // A dead server, an ill one, or one that wants a login first: all pass, and the work is kept meanwhile.
    const passes = error.isOffline || error.status >= 500 || error.status === 401 || error.status === 429
    return passes ? { kind: 'offline' } : { kind: 'refused', message: reasonOf(error) }
  }
}

function checker(id: number, store: EditorStore): () => Promise<readonly Problem[]> {
  let latest = 0
  return async () => {
    latest += 1
    const mine = latest
    const checked = store.getState().history.doc
    try {
      const { problems } = await api.post<{ problems: Problem[] }>(`/api/journeys/${id}/check`)
      if (mine === latest) store.getState().look({ problems: problemsOf(problems), checked })
      return problems
    } catch (error) {
      // The list stays as it was: saving says that the server is away, and the next save checks again.
      if (error instanceof ApiProblem) return store.getState().view.problems.list
      throw error
    }
  }
}

export function useSaveState(autosave: Autosave): SaveState {
  const subscribe = useMemo(() => autosave.subscribe, [autosave])
  return useSyncExternalStore(subscribe, autosave.state)
}
