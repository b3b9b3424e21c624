import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { SESSION } from './session'
import type { EmailChannel, Key, Paged, User, Workspace } from './types'

const EMAIL = ['channel', 'email'] as const
const KEYS = ['keys'] as const
const USERS = ['users'] as const
const WORKSPACE = ['workspace'] as const

export function useEmailChannel() {
  return useQuery({ queryKey: EMAIL, queryFn: () => api.get<EmailChannel>('/api/channels/email') })
}

export function useKeys() {
  return useQuery({ queryKey: KEYS, queryFn: () => api.get<Paged<Key>>('/api/keys') })
}

export function useUsers() {
  return useQuery({ queryKey: USERS, queryFn: () => api.get<Paged<User>>('/api/users') })
}

export function useWorkspace() {
  return useQuery({ queryKey: WORKSPACE, queryFn: () => api.get<Workspace>('/api/workspace') })
}

export function testEmail(to: string): Promise<{ ok: boolean; answer: string }> {
  return api.post('/api/channels/email/test', { to })
}

export function useSettingsActions() {
  const cache = useQueryClient()
  return {
    saveEmail: async (channel: EmailChannel) => {
      const saved = await api.put<EmailChannel>('/api/channels/email', channel)
      if (saved) cache.setQueryData(EMAIL, saved)
      await cache.invalidateQueries({ queryKey: EMAIL })
    },
    /** The answer holds the key itself, this once. */
    createKey: async (kind: Key['kind'], name: string) => {
      const made = await api.post<Key & { key: string }>('/api/keys', { kind, name })
      void cache.invalidateQueries({ queryKey: KEYS })
      return made
    },
    revokeKey: async (id: number) => {
      await api.delete(`/api/keys/${id}`)
      await cache.invalidateQueries({ queryKey: KEYS })
    },
    addUser: async (user: { email: string; name: string; password: string }) => {
      await api.post('/api/users', user)
      await cache.invalidateQueries({ queryKey: USERS })
    },
    removeUser: async (id: number) => {
      await api.delete(`/api/users/${id}`)
      await cache.invalidateQueries({ queryKey: USERS })
    },
    saveWorkspace: async (workspace: Partial<Workspace>) => {
      await api.patch('/api/workspace', workspace)
      await Promise.all([
        cache.invalidateQueries({ queryKey: WORKSPACE }),
        cache.invalidateQueries({ queryKey: SESSION }),
      ])
    },
  }
}
