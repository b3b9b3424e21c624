import type { Config } from '../../journey/document'
import type { KindDefinition } from '../../journey/kind'
import { STARTER } from './starter'

export interface SendEmailConfig {
  readonly subject?: string
  readonly preheader?: string
  readonly body?: string
  readonly purpose?: 'marketing' | 'transactional'
}

/** Template text as a person reads it: `{{ contact.first_name | default('there') }}` becomes {first name}. */
export function readable(template: string): string {
  return template
    .replace(/\{%.*?%\}/g, '')
    .replace(/\{\{\s*(?:contact|event)?\.?([\w.]+)[^}]*\}\}/g, (_, name: string) => `{${name.replace(/[_.]/g, ' ')}}`)
    .replace(/\s+/g, ' ')
    .trim()
}

export function emailTitle(config: Config): string {
  const subject = readable(String((config as SendEmailConfig).subject ?? ''))
  return subject ? `“${subject}”` : 'an e-mail'
}

export const sendEmail: KindDefinition = {
  type: 'send.email',
  family: 'send',
  title: 'E-mail',
  help: 'Sends one message; people go on at once.',
  search: 'send mail message newsletter',
  stem: 'email',
  defaults: () => ({ subject: '', preheader: '', body: STARTER, purpose: 'marketing' }),
  ports: () => [{ id: 'next', label: '' }],
  sentence: (config) => `Send ${emailTitle(config)}`,
}
