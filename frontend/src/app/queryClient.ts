import { QueryClient } from '@tanstack/react-query'
import { ApiProblem } from '../api/client'

/** A refusal is an answer: only a server that can't be reached, or is ill, is asked again. */
function isWorthAnotherTry(tries: number, error: unknown): boolean {
  return tries < 2 && error instanceof ApiProblem && (error.isOffline || error.status >= 500)
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: isWorthAnotherTry, staleTime: 5_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
})
