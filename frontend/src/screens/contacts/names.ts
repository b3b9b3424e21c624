import type { Contact, ContactRef } from '../../api/types'

/** How a person is called on screen: by name where there is one, else by the address or id they are known by. */
export function nameOf(contact: Contact): string {
  const { first_name: first, last_name: last, name } = contact.fields
  const full = [first, last].filter((part) => typeof part === 'string' && part !== '').join(' ')
  if (full) return full
  return typeof name === 'string' && name !== '' ? name : addressOf(contact)
}

export function addressOf(contact: ContactRef): string {
  return contact.email ?? contact.user_id ?? `Contact ${contact.id}`
}

export const CONSENT_SOURCES: Record<string, string> = {
  one_click: 'by one click in the mail program',
  page: 'on the unsubscribe page',
  import: 'by an import',
  api: 'through the API',
  identify: 'through an identify call',
  journey: 'by a journey',
}
