/** What the builder can offer: fields, real values, events and tags of this workspace. */
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client'
import { useFields } from '../api/contacts'
import { useEventNames } from '../api/events'
import type { FieldValueCount, Paged, TagCount } from '../api/types'
import { plainName } from './sentence'
import { type FieldChoice, type ValueType, valueType } from './types'

const BUILT_IN: readonly FieldChoice[] = [
  { name: 'email', label: 'e-mail', type: 'text' },
  { name: 'user_id', label: 'user id', type: 'text' },
  { name: 'phone', label: 'phone', type: 'text' },
  { name: 'timezone', label: 'time zone', type: 'text' },
  { name: 'unsubscribed', label: 'unsubscribed', type: 'boolean' },
  { name: 'created_at', label: 'added on', type: 'date' },
]

/** The contact's fields: the workspace's own first, then those every contact has. */
export function useFieldChoices(): readonly FieldChoice[] {
  const fields = useFields().data?.items ?? []
  const own = fields
    .filter((field) => !BUILT_IN.some((known) => known.name === field.name))
    .map((field) => ({ name: field.name, label: field.label || field.name, type: valueType(field.type) }))
  return [...own, ...BUILT_IN]
}

export function useEventChoices(): readonly string[] {
  const names = useEventNames().data?.items ?? []
  return names.map((event) => event.name).filter((name) => !name.startsWith('$'))
}

/** The properties events of that name have carried so far. */
export function usePropertyChoices(event: string): readonly FieldChoice[] {
  const names = useEventNames().data?.items ?? []
  const properties = names.find((one) => one.name === event)?.properties ?? []
  return properties.map((name) => ({ name, label: name, type: 'any' as const }))
}

export function useTagChoices(): readonly string[] {
  const query = useQuery({
    queryKey: ['tags'],
    queryFn: ({ signal }) => api.get<Paged<TagCount>>('/api/tags', {}, signal),
    staleTime: 30_000,
  })
  return (query.data?.items ?? []).map((one) => one.tag)
}

/** Values contacts really have, the most frequent first; nothing for types where a list of values helps nobody. */
export function useValueChoices(field: string, type: ValueType): readonly string[] {
  const query = useQuery({
    queryKey: ['fields', field, 'values'],
    queryFn: ({ signal }) =>
      api.get<Paged<FieldValueCount>>(`/api/fields/${encodeURIComponent(field)}/values`, {}, signal),
    enabled: field !== '' && (type === 'text' || type === 'list'),
    staleTime: 30_000,
  })
  const values = (query.data?.items ?? []).map((one) => one.value)
  return [...new Set(values.filter((value): value is string => typeof value === 'string' && value !== ''))]
}

/** A choice for a field that is written in a condition but not registered (any more). */
export function choiceFor(name: string, choices: readonly FieldChoice[], fallback: ValueType): FieldChoice {
  return choices.find((choice) => choice.name === name) ?? { name, label: plainName(name), type: fallback }
}
