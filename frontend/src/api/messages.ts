import { skipToken, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import type { DeliveryState, Message, MessageFull, Paged } from './types'

export const MESSAGES = ['messages'] as const

export interface MessageFilter {
  journey?: number | null
  contact?: number | null
  state?: DeliveryState | null
}

export function useMessages(filter: MessageFilter) {
  return useInfiniteQuery({
    queryKey: [...MESSAGES, filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Paged<Message>>('/api/messages', { ...filter, after: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
}

export function useMessage(id: number | null) {
  return useQuery({
    queryKey: [...MESSAGES, 'one', id],
    queryFn: id === null ? skipToken : ({ signal }) => api.get<MessageFull>(`/api/messages/${id}`, {}, signal),
  })
}

/** For messages that are failed or unknown: send again, or take as sent. */
export function useResolve() {
  const cache = useQueryClient()
  return async (id: number, as: 'resend' | 'sent') => {
    await api.post(`/api/messages/${id}/resolve`, { as })
    await cache.invalidateQueries({ queryKey: MESSAGES })
  }
}
