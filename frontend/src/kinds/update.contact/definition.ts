import { plainName } from '../../conditions/sentence'
import type { KindDefinition } from '../../journey/kind'

export interface UpdateContactConfig {
  readonly set?: Readonly<Record<string, unknown>>
}

function words(value: unknown): string {
  if (value === true) return 'yes'
  if (value === false) return 'no'
  return value === '' || value === undefined ? '…' : String(value)
}

export const updateContact: KindDefinition = {
  type: 'update.contact',
  family: 'action',
  title: 'Update contact',
  help: 'Writes fields of the person, such as plan or stage.',
  search: 'set field property change action',
  stem: 'update',
  defaults: () => ({ set: {} }),
  ports: () => [{ id: 'next', label: '' }],
  sentence: (config) => {
    const entries = Object.entries((config as UpdateContactConfig).set ?? {})
    const [first] = entries
    if (!first) return 'Update the contact'
    const [field, value] = first
    const label = plainName(field)
    const text = value === null ? `Clear ${label || '…'}` : `Set ${label || '…'} to ${words(value)}`
    return entries.length > 1 ? `${text}, and ${entries.length - 1} more` : text
  },
}
