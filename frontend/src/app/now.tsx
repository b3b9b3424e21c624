/** What time it is in this workspace: the wall's, or the sample's. Journeys' moments are told relative to it. */
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react'
import { SAMPLE, useSample } from '../api/sample'
import type { Sample, Session } from '../api/types'
import { live, useLiveStatus } from '../live/client'
import { ago, moment } from '../ui/format'

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
  return useSample(isLive)
}

function subscribeWall(listener: () => void): () => void {
  const timer = setInterval(listener, STEP)
  return () => clearInterval(timer)
}

/** In steps, so that a page is not drawn again for every passing moment. */
const wallNow = () => Math.ceil(Date.now() / STEP) * STEP

/** Milliseconds; on the wall it changes twice a minute, in the sample with every word from the server. */
export function useNow(): number {
  const { isSample } = useContext(PlaceContext)
  const cache = useQueryClient()
  const wall = useSyncExternalStore(subscribeWall, wallNow)
  const sample = useSyncExternalStore(
    (listener) => cache.getQueryCache().subscribe(listener),
    () => (isSample ? cache.getQueryData<Sample>(SAMPLE)?.at : undefined),
  )
  return sample ? Date.parse(sample) : wall
}

/** "3 days ago", with the moment itself and its zone on hover. */
export function Ago({ at, none = '—' }: { at: string | null | undefined; none?: string }) {
  const zone = useZone()
  const now = useNow()
  if (!at) return <span className="muted">{none}</span>
  return (
    <time dateTime={at} title={`${moment(at, zone)} (${zone})`}>
      {ago(at, now, zone)}
    </time>
  )
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
