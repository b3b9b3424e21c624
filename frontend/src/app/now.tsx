/** Moments as this workspace tells them: in its zone, by the wall's clock or the sample's. */
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react'
import { ApiProblem } from '../api/client'
import { SAMPLE, useSample } from '../api/sample'
import { SESSION } from '../api/session'
import type { Sample, Session } from '../api/types'
import { live, useLiveStatus } from '../live/client'
import { ago, day, moment } from '../ui/format'

interface Place {
  zone: string
  isSample: boolean
}

const PlaceContext = createContext<Place>({ zone: 'UTC', isSample: false })
const STEP = 30_000

export function NowProvider({ session, children }: { session: Session; children: ReactNode }) {
  const isSample = session.workspace?.mode === 'sample'
  const place = { zone: session.workspace?.timezone || 'UTC', isSample }
  return <PlaceContext value={place}>{children}</PlaceContext>
}

/** The workspace's time zone, as an IANA name. */
export function useZone(): string {
  return useContext(PlaceContext).zone
}

export function useIsSample(): boolean {
  return useContext(PlaceContext).isSample
}

/** The sample's state, kept fresh by the wire and, when that is silent, by asking. */
export function useLiveSample() {
  const cache = useQueryClient()
  const isLive = useLiveStatus() === 'live'
  useEffect(
    () =>
      live.on('sample', (heard) => {
        cache.setQueryData<Sample>(SAMPLE, (known) => (known ? { ...known, ...heard } : known))
      }),
    [cache],
  )
  const sample = useSample()
  // Not `refetchInterval`: every word from the wire would put it off again.
  const isPlaying = sample.data?.playing ?? false
  const { refetch } = sample
  useEffect(() => {
    const timer = setInterval(() => void refetch(), isPlaying ? (isLive ? 2_500 : 1_000) : 10_000)
    return () => clearInterval(timer)
  }, [refetch, isPlaying, isLive])
  // Somebody has left the sample meanwhile: the session says what the workspace is now.
  const isOver = sample.error instanceof ApiProblem && sample.error.status === 409
  useEffect(() => {
    if (isOver) void cache.invalidateQueries({ queryKey: SESSION })
  }, [isOver, cache])
  return sample
}

function subscribeWall(listener: () => void): () => void {
  const timer = setInterval(listener, STEP)
  return () => clearInterval(timer)
}

/** In steps, so that a page is not drawn again for every passing moment. */
const wallNow = () => Math.ceil(Date.now() / STEP) * STEP

/** "3 days ago", with the moment itself and its zone on hover. In the sample days fly by, so there it is the date. */
export function Ago({ at, none = '—' }: { at: string | null | undefined; none?: string }) {
  const isSample = useIsSample()
  return isSample ? <Day at={at} none={none} /> : <WallAgo at={at} none={none} />
}

/** "14 Mar 1997, 09:05", with its zone on hover. */
export function Moment({ at, none = '—' }: { at: string | null | undefined; none?: string }) {
  const zone = useZone()
  if (!at) return <span className="muted">{none}</span>
  return (
    <time dateTime={at} title={zone} className="tabular">
      {moment(at, zone)}
    </time>
  )
}

/** "14 March 1997" */
export function Day({ at, none = '—' }: { at: string | null | undefined; none?: string }) {
  const zone = useZone()
  if (!at) return <span className="muted">{none}</span>
  return (
    <time dateTime={at} title={`${moment(at, zone)} (${zone})`}>
      {day(at, zone)}
    </time>
  )
}

/** For facts that happen on the wall whatever the sample's date is: keys, sessions, edits. */
export function WallAgo({ at, none = '—' }: { at: string | null | undefined; none?: string }) {
  const zone = useZone()
  const wall = useSyncExternalStore(subscribeWall, wallNow)
  if (!at) return <span className="muted">{none}</span>
  return (
    <time dateTime={at} title={`${moment(at, zone)} (${zone})`}>
      {ago(at, wall, zone)}
    </time>
  )
}
