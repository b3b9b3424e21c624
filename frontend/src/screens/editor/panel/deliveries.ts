import { useQuery } from '@tanstack/react-query'
import { api } from '../../../api/client'
import type { Deliveries, DeliveryState } from '../../../api/types'

/** What became of the journey's messages, step by step; asked again every few seconds while it is looked at. */
export function useDeliveries(journey: number) {
  return useQuery({
    queryKey: ['journeys', 'deliveries', journey],
    queryFn: ({ signal }) => api.get<Deliveries>(`/api/journeys/${journey}/deliveries`, {}, signal),
    refetchInterval: 3_000,
  })
}

export interface StateWords {
  readonly key: DeliveryState | 'opened' | 'clicked'
  readonly words: string
  readonly tone?: 'bad' | 'warn'
}

export const STATES: readonly StateWords[] = [
  { key: 'pending', words: 'to be sent' },
  { key: 'sending', words: 'being sent' },
  { key: 'data', words: 'being sent' },
  { key: 'sent', words: 'sent' },
  { key: 'delivered', words: 'delivered' },
  { key: 'opened', words: 'opened' },
  { key: 'clicked', words: 'clicked' },
  { key: 'skipped', words: 'skipped' },
  { key: 'unknown', words: 'may or may not have left', tone: 'warn' },
  { key: 'failed', words: 'failed', tone: 'bad' },
  { key: 'bounced', words: 'bounced', tone: 'bad' },
  { key: 'complained', words: 'complained', tone: 'bad' },
]

const REASONS: Readonly<Record<string, string>> = {
  no_address: 'no e-mail address',
  unsubscribed: 'unsubscribed',
  suppressed: 'on the list of addresses that must not be written to',
  left: 'left the journey before it was sent',
  cap: 'would have been one message too many',
}

export function reasonWords(reason: string | null): string {
  if (!reason) return 'no reason given'
  return REASONS[reason] ?? reason.replace(/_/g, ' ')
}
