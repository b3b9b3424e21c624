import type { JourneyStatus } from '../../api/types'
import { Pill, type Tone } from '../../ui/Pill'

const FACE: Record<JourneyStatus, { tone: Tone; words: string }> = {
  draft: { tone: 'plain', words: 'Draft' },
  live: { tone: 'good', words: 'Live' },
  paused: { tone: 'warn', words: 'Paused' },
  stopped: { tone: 'plain', words: 'Stopped' },
}

export function StatusPill({ status, fault }: { status: JourneyStatus; fault?: string | null }) {
  if (fault) return <Pill tone="bad">Needs help</Pill>
  const { tone, words } = FACE[status]
  return <Pill tone={tone}>{words}</Pill>
}
