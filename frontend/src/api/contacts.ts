import { skipToken, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import type {
  Contact,
  ContactWhole,
  Counted,
  Field,
  FieldValue,
  ImportPreview,
  Paged,
  Task,
  TimelineItem,
} from './types'

export const CONTACTS = ['contacts'] as const

export function useContacts(q: string) {
  return useInfiniteQuery({
    queryKey: [...CONTACTS, 'list', q],
    queryFn: ({ pageParam, signal }) =>
      api.get<Counted<Contact>>('/api/contacts', { q, after: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
}

/** `isWatched`: asked again as long as it is on screen, for where they are now. */
export function useContact(id: number, isWatched = false) {
  return useQuery({
    queryKey: [...CONTACTS, 'one', id],
    queryFn: ({ signal }) => api.get<ContactWhole>(`/api/contacts/${id}`, {}, signal),
    refetchInterval: isWatched ? 10_000 : false,
  })
}

export function useTimeline(id: number) {
  return useInfiniteQuery({
    queryKey: [...CONTACTS, 'timeline', id],
    queryFn: ({ pageParam, signal }) =>
      api.get<Paged<TimelineItem>>(`/api/contacts/${id}/timeline`, { after: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 10_000,
  })
}

export type ContactChange = Partial<Pick<Contact, 'email' | 'phone' | 'timezone' | 'user_id' | 'tags'>> & {
  fields?: Record<string, FieldValue>
  consent?: { unsubscribed: boolean }
}

export function useContactActions() {
  const cache = useQueryClient()
  const changed = () => cache.invalidateQueries({ queryKey: CONTACTS })
  return {
    add: async (contact: ContactChange) => {
      const added = await api.post<Contact>('/api/contacts', contact)
      void changed()
      return added
    },
    change: async (id: number, change: ContactChange) => {
      const contact = await api.patch<ContactWhole>(`/api/contacts/${id}`, change)
      cache.setQueryData([...CONTACTS, 'one', id], contact)
      void changed()
      return contact
    },
    remove: async (id: number) => {
      await api.delete(`/api/contacts/${id}`)
      cache.removeQueries({ queryKey: [...CONTACTS, 'one', id] })
      void cache.invalidateQueries({ queryKey: [...CONTACTS, 'list'] })
    },
  }
}

export function useFields() {
  return useQuery({
    queryKey: ['fields'],
    queryFn: ({ signal }) => api.get<Paged<Field>>('/api/fields', {}, signal),
    staleTime: 60_000,
  })
}

function fileForm(file: File): FormData {
  const form = new FormData()
  form.set('file', file)
  return form
}

/** What is in the file and where each column would go. Nothing is stored. */
export function previewImport(file: File): Promise<ImportPreview> {
  return api.post<ImportPreview>('/api/contacts/import/preview', fileForm(file))
}

/** `mapping`: column → field; null leaves the column out. */
export function startImport(file: File, mapping: Record<string, string | null>): Promise<Task> {
  const form = fileForm(file)
  form.set('mapping', JSON.stringify(mapping))
  return api.post<Task>('/api/contacts/import', form)
}

/** Asked again every 0.7 s until the work is over, also when the page was closed meanwhile. */
export function useTask(id: number | null) {
  return useQuery({
    queryKey: ['task', id],
    queryFn: id === null ? skipToken : ({ signal }) => api.get<Task>(`/api/tasks/${id}`, {}, signal),
    refetchInterval: (query) => (query.state.data?.state === 'running' || !query.state.data ? 700 : false),
  })
}
