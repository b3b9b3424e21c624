import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { api } from '../../api/client'
import type { Journey } from '../../api/types'
import { Canvas } from '../../canvas/Canvas'
import { live } from '../../live/client'
import { Counts } from '../../live/counts'
import { ErrorState } from '../../ui/ErrorState'
import { Loading } from '../../ui/Loading'
import { ConflictDialog } from './ConflictDialog'
import { type EditorPlace, PlaceContext, useEditorState, usePlace } from './context'
import styles from './editor.module.css'
import { Outline } from './Outline'
import { PeopleDrawer } from './PeopleDrawer'
import { Panel } from './panel/Panel'
import { TopBar } from './TopBar'
import { journeyKey, useEditorSession } from './useEditorSession'

/** The journey on its canvas: draw, check, publish, watch. */
export default function EditorScreen({ id }: { id: number }) {
  const query = useQuery({
    queryKey: journeyKey(id),
    queryFn: ({ signal }) => api.get<Journey>(`/api/journeys/${id}`, {}, signal),
    // Editing starts from this answer, so it must be this moment's; afterwards autosave knows better than any answer.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (query.data) return <Editor journey={query.data} />
  if (query.error) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  return <Loading fills="room" what="Opening the journey" />
}

function Editor({ journey }: { journey: Journey }) {
  const session = useEditorSession(journey)
  const cache = useQueryClient()
  const [counts] = useState(() => new Counts())
  const { id } = journey

  const refresh = useCallback(async () => {
    const now = await api.get<Journey>(`/api/journeys/${id}`)
    cache.setQueryData<Journey>(journeyKey(id), now)
    live.refresh(id)
  }, [cache, id])

  // A draft has no counts yet, but who has it open is told to those who watch.
  useEffect(() => live.watch(id, (flow, moved) => counts.apply(flow, moved)), [id, counts])

  useEffect(
    () =>
      live.on('journey', (heard) => {
        if (heard.id === id) void refresh()
      }),
    [id, refresh],
  )

  const place = useMemo<EditorPlace>(
    () => ({ ...session, journey, counts, refresh }),
    [session, journey, counts, refresh],
  )
  return (
    <PlaceContext value={place}>
      <Rooms />
    </PlaceContext>
  )
}

function Rooms() {
  const { store, autosave, counts, journey } = usePlace()
  const [who, setWho] = useState<string | null>(null)
  const [isOutline, setOutline] = useState(false)
  const mode = useEditorState((editor) => editor.view.mode)
  const save = useCallback(() => void autosave.flush(), [autosave])
  const openOutline = useCallback(() => setOutline(true), [])
  return (
    <div className={styles.screen} data-mode={mode}>
      <TopBar onOutline={openOutline} />
      <div className={styles.body}>
        <Canvas store={store} counts={counts} hasCounts={journey.version !== null} onSave={save} onAskWho={setWho} />
        <Panel />
      </div>
      <PeopleDrawer node={who} onClose={() => setWho(null)} />
      <Outline isOpen={isOutline} onClose={() => setOutline(false)} />
      <ConflictDialog />
    </div>
  )
}
