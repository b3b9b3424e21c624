/** Turning what is typed into what a field holds, and back. */
import type { ContactChange } from '../../api/contacts'
import type { Contact, FieldType, FieldValue } from '../../api/types'

export interface Entry {
  name: string
  type: FieldType
  isBuiltIn: boolean
}

const OWN = ['email', 'phone', 'timezone', 'user_id'] as const
type Own = (typeof OWN)[number]

export function isOwn(name: string): name is Own {
  return (OWN as readonly string[]).includes(name)
}

export function asText(value: FieldValue | undefined): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** The value to store, or an error in words. Empty text means: not set. */
export function parsed(text: string, type: FieldType): { value: FieldValue } | { error: string } {
  const trimmed = text.trim()
  if (trimmed === '') return { value: null }
  switch (type) {
    case 'number': {
      const n = Number(trimmed.replace(',', '.'))
      return Number.isFinite(n) ? { value: n } : { error: 'This field holds a number.' }
    }
    case 'boolean': {
      if (/^(yes|true|1)$/i.test(trimmed)) return { value: true }
      if (/^(no|false|0)$/i.test(trimmed)) return { value: false }
      return { error: 'This field holds yes or no.' }
    }
    case 'list':
      return {
        value: trimmed
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean),
      }
    case 'date':
      return isDay(trimmed) ? { value: trimmed } : { error: 'This field holds a date like 2024-03-14.' }
    case 'datetime':
      return Number.isNaN(Date.parse(trimmed))
        ? { error: 'This field holds a moment like 2024-03-14T09:00:00Z.' }
        : { value: trimmed }
    default:
      return { value: trimmed }
  }
}

/** A day that exists: 2023-02-29 does not. */
function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null
  return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

export interface Drafted {
  change: ContactChange
  errors: Record<string, string>
}

/** Only what differs from `contact` is sent, so that nothing another page changed meanwhile is put back. */
export function changeOf(contact: Contact, texts: Record<string, string>, entries: Entry[]): Drafted {
  const change: ContactChange = {}
  const errors: Record<string, string> = {}
  for (const { name, type } of entries) {
    const text = texts[name]
    const before = isOwn(name) ? contact[name] : contact.fields[name]
    if (text === undefined || text === asText(before)) continue
    const result = parsed(text, isOwn(name) ? 'text' : type)
    if ('error' in result) errors[name] = result.error
    else if (isOwn(name)) change[name] = result.value as string | null
    else change.fields = { ...change.fields, [name]: result.value }
  }
  return { change, errors }
}
