import type { EmailChannel } from '../../api/types'

const USUAL: Record<EmailChannel['security'], number> = { none: 25, starttls: 587, tls: 465 }

/** The port that goes with `security`; one somebody chose themselves stays. */
export function usualPort(security: EmailChannel['security'], before: Pick<EmailChannel, 'security' | 'port'>): number {
  const isChosen = before.port > 0 && before.port !== USUAL[before.security]
  return isChosen ? before.port : USUAL[security]
}
