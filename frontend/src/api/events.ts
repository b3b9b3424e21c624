import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api } from './client'
import type { EventName, EventRow, Paged, RejectedCall } from './types'

export function useEventNames() {
  return useQuery({
    queryKey: ['events', 'names'],
    queryFn: ({ signal }) => api.get<Paged<EventName>>('/api/events/names', {}, signal),
    refetchInterval: 5_000,
  })
}

export function useEvents(name: string | null) {
  return useInfiniteQuery({
    queryKey: ['events', 'latest', name],
    queryFn: ({ pageParam, signal }) =>
      api.get<Paged<EventRow>>('/api/events', { name, after: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 1) === 1 ? 4_000 : false),
    placeholderData: (before) => before,
  })
}

export function useRejected() {
  return useInfiniteQuery({
    queryKey: ['events', 'rejected'],
    queryFn: ({ pageParam, signal }) =>
      api.get<Paged<RejectedCall>>('/api/events/rejected', { after: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 10_000,
  })
}
