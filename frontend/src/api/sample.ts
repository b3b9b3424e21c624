import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { SESSION } from './session'
import type { Address, Sample } from './types'

export const SAMPLE = ['sample'] as const

export function useSample() {
  return useQuery({ queryKey: SAMPLE, queryFn: ({ signal }) => api.get<Sample>('/api/sample', {}, signal) })
}

export function useSampleActions() {
  const cache = useQueryClient()
  async function tell(path: Address, body?: unknown): Promise<void> {
    const sample = await api.post<Sample | undefined>(path, body)
    if (sample?.at) cache.setQueryData(SAMPLE, sample)
    await cache.invalidateQueries({ queryKey: SAMPLE })
  }
  return {
    play: (speed?: number) => tell('/api/sample/play', speed === undefined ? {} : { speed }),
    pause: () => tell('/api/sample/pause'),
    restart: async () => {
      await tell('/api/sample/restart')
      await cache.invalidateQueries()
    },
    startForReal: async () => {
      await api.post('/api/sample/start-for-real', { confirm: 'start for real' })
      // The session says that there is no sample any more; whoever still asks for it would be refused.
      await cache.invalidateQueries({ queryKey: SESSION })
      await cache.invalidateQueries({ predicate: (query) => query.queryKey[0] !== SAMPLE[0] })
    },
  }
}
