/** What became of a message, in plain words. */
import type { DeliveryState, Message } from '../../api/types'
import type { Tone } from '../../ui/Pill'

interface Face {
  words: string
  tone: Tone
}

const FACES: Record<DeliveryState, Face> = {
  pending: { words: 'Waiting to go', tone: 'plain' },
  sending: { words: 'Going out', tone: 'accent' },
  data: { words: 'Going out', tone: 'accent' },
  sent: { words: 'Sent', tone: 'good' },
  delivered: { words: 'Delivered', tone: 'good' },
  failed: { words: 'Failed', tone: 'bad' },
  bounced: { words: 'Bounced', tone: 'bad' },
  complained: { words: 'Marked as spam', tone: 'bad' },
  unknown: { words: 'Unknown', tone: 'warn' },
  skipped: { words: 'Skipped', tone: 'plain' },
}

export const STATES_TO_CHOOSE: DeliveryState[] = ['sent', 'delivered', 'pending', 'skipped', 'failed', 'unknown']

export function faceOf(state: DeliveryState): Face {
  return FACES[state] ?? { words: state, tone: 'plain' }
}

/** A message is written as it goes out; before that, and when it never went, there is no subject yet. */
export function subjectOf({ subject, state }: Pick<Message, 'subject' | 'state'>): string {
  if (subject) return subject
  const isToCome = state === 'pending' || state === 'sending'
  return isToCome ? 'Not written yet: it is about to go out' : 'Not written: it was never sent'
}

const REASONS: Record<string, string> = {
  unsubscribed: 'This person has unsubscribed from marketing messages.',
  suppressed: 'This address bounced or complained before, so nothing is sent to it.',
  no_address: 'There is no e-mail address on this contact.',
  left: 'The person left the journey, or was deleted, before it went out.',
}

/** One or two sentences: why a message is where it is; null when there is nothing to explain. */
export function explain({ state, reason, error }: Pick<Message, 'state' | 'reason' | 'error'>): string | null {
  switch (state) {
    case 'skipped':
      return reason ? (REASONS[reason] ?? `It was left out: ${reason.replaceAll('_', ' ')}.`) : 'It was left out.'
    case 'failed':
      return error ?? 'The mail server refused it.'
    case 'bounced':
      return error ?? 'The address does not take mail.'
    case 'unknown':
      return `${error ? `${error} ` : ''}It may have left, or not. Nothing is sent twice by itself, so this is yours to decide.`
    case 'pending':
      return error ? `The last try did not work, it will be tried again: ${error}` : null
    default:
      return null
  }
}
