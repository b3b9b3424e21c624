/** Every kind of step that can be drawn, in the order of the palette. */
import type { Family, KindDefinition, Kinds } from '../journey/kind'
import { branchIf } from './branch.if/definition'
import { branchSplit } from './branch.split/definition'
import { exit } from './exit/definition'
import { sendEmail } from './send.email/definition'
import { tag } from './tag/definition'
import { triggerEvent } from './trigger.event/definition'
import { triggerManual } from './trigger.manual/definition'
import { updateContact } from './update.contact/definition'
import { waitEvent } from './wait.event/definition'
import { waitFor } from './wait.for/definition'

export const KINDS: readonly KindDefinition[] = [
  triggerEvent,
  triggerManual,
  waitFor,
  waitEvent,
  branchIf,
  branchSplit,
  sendEmail,
  updateContact,
  tag,
  exit,
]

const BY_TYPE = new Map(KINDS.map((kind) => [kind.type, kind]))

export const kinds: Kinds = (type) => BY_TYPE.get(type) ?? null

export const FAMILY_TITLES: Readonly<Record<Family, string>> = {
  trigger: 'Start',
  wait: 'Wait',
  branch: 'Branch',
  send: 'Send',
  action: 'Do',
  people: 'People',
  end: 'End',
}

/** Kinds a word finds, the best first: title, then the other words. */
export function found(query: string, among: readonly KindDefinition[] = KINDS): KindDefinition[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return [...among]
  const rank = (kind: KindDefinition) => {
    const title = kind.title.toLowerCase()
    if (title.startsWith(wanted)) return 0
    if (title.includes(wanted)) return 1
    return `${kind.type} ${kind.help} ${kind.search ?? ''}`.toLowerCase().includes(wanted) ? 2 : 3
  }
  return among.filter((kind) => rank(kind) < 3).sort((a, b) => rank(a) - rank(b))
}
