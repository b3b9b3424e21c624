import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api, setCsrf } from './client'
import type { Session } from './types'

export const SESSION = ['session'] as const

const NOBODY: Session = { user: null, csrf: null, needs_setup: false, workspace: null }

async function readSession(): Promise<Session> {
  const session = await api.get<Session>('/api/session')
  setCsrf(session.csrf)
  return session
}

export function useSession() {
  return useQuery({ queryKey: SESSION, queryFn: readSession, staleTime: 60_000 })
}

export interface Credentials {
  email: string
  password: string
}

/** One's own. All other sessions end; this one goes on. */
export function changePassword(passwords: { current: string; new: string }): Promise<void> {
  return api.post('/api/session/password', passwords)
}

/** Signing in and out; each leaves the session in the cache, so that the app changes its face at once. */
export function useSignIn() {
  const cache = useQueryClient()
  const keep = useCallback(
    (session: Session) => {
      setCsrf(session.csrf)
      cache.setQueryData(SESSION, session)
    },
    [cache],
  )
  return {
    signIn: async (credentials: Credentials) => keep(await api.post<Session>('/api/session', credentials)),
    setUp: async (account: Credentials & { token: string; name?: string }) =>
      keep(await api.post<Session>('/api/setup', account)),
    signOut: async () => {
      await api.delete('/api/session')
      // First the face of the app changes, then what it knew is forgotten: nothing left on screen asks for more.
      keep(NOBODY)
      cache.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] })
      await cache.invalidateQueries({ queryKey: SESSION })
    },
  }
}
