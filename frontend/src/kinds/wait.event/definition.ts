import type { Condition } from '../../conditions/condition'
import { sentence } from '../../conditions/sentence'
import { type Duration, durationWords } from '../../journey/duration'
import type { KindDefinition } from '../../journey/kind'

export interface WaitEventConfig {
  readonly event?: string
  readonly where?: Condition | null
  readonly timeout?: Duration | null
  readonly since?: 'wait' | 'entry'
}

export const waitEvent: KindDefinition = {
  type: 'wait.event',
  family: 'wait',
  title: 'Wait for event',
  help: 'People rest here until they do something, or the time is up.',
  search: 'until happens timeout hold',
  stem: 'wait',
  defaults: () => ({ event: '', where: null, timeout: { amount: 3, unit: 'days' }, since: 'wait' }),
  ports: (config) => {
    const { timeout } = config as WaitEventConfig
    if (!timeout) return [{ id: 'happened', label: '' }]
    return [
      { id: 'happened', label: 'It happened' },
      { id: 'timeout', label: `After ${durationWords(timeout)}` },
    ]
  },
  sentence: (config) => {
    const { event, where } = config as WaitEventConfig
    const what = event || 'something to happen'
    return where ? `Wait for ${what}, ${sentence(where)}` : `Wait for ${what}`
  },
}
