/**
 * The live wire: hints from the server that something moved.
 *
 * Live is a hint, every fact can be fetched: a gap in `seq`, a reconnect or a new version makes the client read the
 * journey's flow again, and what arrives meanwhile is laid on top in order.
 */
import { useSyncExternalStore } from 'react'
import { io } from 'socket.io-client'
import { api } from '../api/client'
import type { Flow, JourneyStatus, Sample, Task, User } from '../api/types'
import type { Moved } from './counts'

export interface FlowEvent extends Flow {
  journey: number
  moved?: Moved
}

export interface LiveEvents {
  flow: FlowEvent
  /** Messages of these journeys moved on; `ids` are some of them. */
  message: { journeys: number[]; ids: number[] }
  task: Partial<Task> & { id: number }
  import: Partial<Task> & { id: number }
  presence: { journey: number; users: Pick<User, 'id' | 'name' | 'email'>[] }
  sample: Pick<Sample, 'at' | 'playing' | 'speed'> & Partial<Sample>
  journey: { id: number; status: JourneyStatus; revision: number }
}

/** The part of a Socket.IO socket that is used here. */
export interface Wire {
  readonly connected: boolean
  on(event: string, listener: (data: never) => void): unknown
  off(event: string, listener: (data: never) => void): unknown
  emit(event: string, data: unknown, ack?: (answer: WatchAnswer) => void): unknown
  connect(): unknown
  disconnect(): unknown
}

interface WatchAnswer {
  ok: boolean
  seq?: number
  error?: string
}

export type OnFlow = (flow: Flow, moved?: Moved) => void
export type LiveStatus = 'connecting' | 'live' | 'offline'

interface Watched {
  listeners: Set<OnFlow>
  flow: Flow | null
  /** Events that came while the flow was being read. */
  waiting: FlowEvent[]
  isReading: boolean
  retry: ReturnType<typeof setTimeout> | null
  tries: number
}

export class LiveClient {
  private wire: Wire | null = null
  private watched = new Map<number, Watched>()
  private statusListeners = new Set<() => void>()
  private handlers: { event: string; listener: (data: never) => void }[] = []
  status: LiveStatus = 'connecting'

  constructor(
    private readonly openWire: () => Wire,
    private readonly readFlow: (journey: number) => Promise<Flow>,
    private readonly retryMs: (tries: number) => number = (tries) => Math.min(1000 * 2 ** tries, 15_000),
  ) {}

  /** Opens the wire when it is not open yet. Called once somebody is signed in. */
  start(): void {
    if (this.wire) return
    const wire = this.openWire()
    this.wire = wire
    wire.on('connect', () => this.connected())
    wire.on('disconnect', ((reason: string) => this.disconnected(wire, reason)) as (data: never) => void)
    wire.on('connect_error', () => this.setStatus('offline'))
    wire.on('flow', ((event: FlowEvent) => this.hear(event)) as (data: never) => void)
    for (const { event, listener } of this.handlers) wire.on(event, listener)
    wire.connect()
  }

  /** Closes the wire, after logging out. Watches stay and resume at the next start. */
  stop(): void {
    this.wire?.disconnect()
    this.wire = null
    this.setStatus('connecting')
  }

  on<E extends keyof LiveEvents>(event: E, listener: (data: LiveEvents[E]) => void): () => void {
    const handler = { event, listener: listener as (data: never) => void }
    this.handlers.push(handler)
    this.wire?.on(event, handler.listener)
    return () => {
      this.handlers = this.handlers.filter((known) => known !== handler)
      this.wire?.off(event, handler.listener)
    }
  }

  /** Tells `onFlow` the journey's counts now and after every move. Returns how to stop. */
  watch(journey: number, onFlow: OnFlow): () => void {
    let entry = this.watched.get(journey)
    if (!entry) {
      entry = { listeners: new Set(), flow: null, waiting: [], isReading: false, retry: null, tries: 0 }
      this.watched.set(journey, entry)
      this.join(journey, entry)
    } else if (entry.flow) onFlow(entry.flow)
    entry.listeners.add(onFlow)
    const mine = entry
    return () => {
      mine.listeners.delete(onFlow)
      if (mine.listeners.size > 0 || this.watched.get(journey) !== mine) return
      if (mine.retry) clearTimeout(mine.retry)
      this.watched.delete(journey)
      if (this.wire?.connected) this.wire.emit('unwatch', { journey })
    }
  }

  /** Reads the counts again, after something that resets them (a new version, the sample from the start). */
  refresh(journey: number): void {
    const entry = this.watched.get(journey)
    if (entry) void this.read(journey, entry)
  }

  subscribeStatus = (listener: () => void): (() => void) => {
    this.statusListeners.add(listener)
    return () => {
      this.statusListeners.delete(listener)
    }
  }

  private connected(): void {
    this.setStatus('live')
    for (const [journey, entry] of this.watched) this.join(journey, entry)
  }

  private disconnected(wire: Wire, reason: string): void {
    this.setStatus('offline')
    // A lost line comes back by itself; one the server has cut must be asked for again.
    if (reason === 'io server disconnect') setTimeout(() => this.wire === wire && wire.connect(), this.retryMs(0))
  }

  private join(journey: number, entry: Watched): void {
    // Without a wire the counts are read all the same, so that a page shows numbers before it shows movement.
    if (this.wire?.connected) {
      this.wire.emit('watch', { journey }, () => void this.read(journey, entry))
    } else void this.read(journey, entry)
  }

  private async read(journey: number, entry: Watched): Promise<void> {
    if (entry.isReading) return
    entry.isReading = true
    try {
      const flow = await this.readFlow(journey)
      if (this.watched.get(journey) !== entry) return
      entry.tries = 0
      this.tell(entry, flow)
    } catch {
      if (this.watched.get(journey) !== entry) return
      entry.retry = setTimeout(() => void this.read(journey, entry), this.retryMs(entry.tries++))
    } finally {
      entry.isReading = false
    }
    const late = entry.waiting.splice(0)
    if (entry.flow) for (const event of late) this.hear(event)
  }

  private hear(event: FlowEvent): void {
    const entry = this.watched.get(event.journey)
    if (!entry) return
    if (entry.isReading) {
      entry.waiting.push(event)
      return
    }
    const { flow } = entry
    if (!flow || isNewer(event.version, flow.version)) void this.read(event.journey, entry)
    else if (event.version !== flow.version || event.seq <= flow.seq) return
    else if (event.seq > flow.seq + 1) {
      // Something was lost on the way. The counts in hand are whole, the travelling dots are not: read again.
      this.tell(entry, merged(flow, event), event.moved)
      void this.read(event.journey, entry)
    } else this.tell(entry, merged(flow, event), event.moved)
  }

  private tell(entry: Watched, flow: Flow, moved?: Moved): void {
    entry.flow = flow
    for (const listener of entry.listeners) listener(flow, moved)
  }

  private setStatus(status: LiveStatus): void {
    if (status === this.status) return
    this.status = status
    for (const listener of this.statusListeners) listener()
  }
}

function isNewer(a: number | null, b: number | null): boolean {
  return a !== null && (b === null || a > b)
}

function merged(flow: Flow, event: FlowEvent): Flow {
  return {
    version: event.version,
    seq: event.seq,
    at: event.at,
    nodes: { ...flow.nodes, ...event.nodes },
    edges: { ...flow.edges, ...event.edges },
    outcomes: event.outcomes ?? flow.outcomes,
  }
}

/** The app's one wire. */
export const live = new LiveClient(
  () => io('/live', { autoConnect: false, withCredentials: true, transports: ['websocket', 'polling'] }) as Wire,
  (journey) => api.get<Flow>(`/api/journeys/${journey}/flow`),
)

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(live.subscribeStatus, () => live.status)
}
