import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, withQuery } from './client'
import type { Journey, JourneyDocument, JourneySummary, Paged } from './types'

export const JOURNEYS = ['journeys'] as const

interface Filter {
  q?: string
  status?: string
}

/** Counts change while people move, so the list is read again every few seconds while it is looked at. */
export function useJourneys(filter: Filter = {}) {
  return useQuery({
    queryKey: [...JOURNEYS, filter],
    queryFn: ({ signal }) => api.get<Paged<JourneySummary>>('/api/journeys', { ...filter, limit: 200 }, signal),
    refetchInterval: 5_000,
    placeholderData: (before) => before,
  })
}

export function useJourneyActions() {
  const cache = useQueryClient()
  const changed = () => cache.invalidateQueries({ queryKey: JOURNEYS })
  async function after<T>(work: Promise<T>): Promise<T> {
    const result = await work
    void changed()
    return result
  }
  return {
    create: (document: Partial<JourneyDocument>) => after(api.post<Journey>('/api/journeys', document)),
    duplicate: (id: number) => after(api.post<Journey>(`/api/journeys/${id}/duplicate`)),
    remove: (id: number) => after(api.delete(`/api/journeys/${id}`)),
    pause: (id: number) => after(api.post<{ status: string; people: number }>(`/api/journeys/${id}/pause`)),
    resume: (id: number) => after(api.post<{ status: string; people: number }>(`/api/journeys/${id}/resume`)),
    stop: (id: number) => after(api.post<{ status: string; people: number }>(`/api/journeys/${id}/stop`)),
  }
}

export function exportAddress(id: number): string {
  return withQuery(`/api/journeys/${id}/export`)
}
