/** Personal words in a message: what the menu offers, and where they are put. */
import type { FieldChoice } from '../../conditions/types'

export interface Token {
  readonly label: string
  readonly text: string
}

/** Fields of the contact and properties of the event that started the journey, with a word for when they are missing. */
export function tokensFor(fields: readonly FieldChoice[], properties: readonly FieldChoice[]): Token[] {
  const contact = fields
    .filter((field) => field.name !== 'unsubscribed')
    .map((field) => ({ label: field.label, text: tokenText('contact', field.name) }))
  const event = properties.map((one) => ({ label: `event: ${one.label}`, text: tokenText('event', one.name) }))
  return [...contact, ...event]
}

function tokenText(of: 'contact' | 'event', name: string): string {
  const isPlain = /^[A-Za-z_]\w*$/.test(name)
  const path = isPlain ? `${of}.${name}` : `${of}['${name.replace(/'/g, "\\'")}']`
  const fallback = name === 'first_name' ? 'there' : ''
  return fallback ? `{{ ${path} | default('${fallback}') }}` : `{{ ${path} }}`
}

export interface Inserted {
  readonly text: string
  /** Where the caret stands afterwards. */
  readonly caret: number
}

/** The text with the token at the caret, instead of what is selected. */
export function insertedAt(text: string, token: string, start: number, end: number): Inserted {
  return { text: text.slice(0, start) + token + text.slice(end), caret: start + token.length }
}

export type BodyFormat = 'MJML' | 'HTML' | 'Plain text'

/** What the server takes the body for. */
export function formatOf(body: string): BodyFormat {
  const start = body.trimStart().toLowerCase()
  if (start.startsWith('<mjml')) return 'MJML'
  return start.startsWith('<') ? 'HTML' : 'Plain text'
}
