import type { Condition } from '../../conditions/condition'
import { sentence } from '../../conditions/sentence'
import type { KindDefinition } from '../../journey/kind'

export interface TriggerEventConfig {
  readonly event?: string
  readonly where?: Condition | null
}

export const triggerEvent: KindDefinition = {
  type: 'trigger.event',
  family: 'trigger',
  title: 'Event',
  help: 'Someone does something: signs up, buys, opens a page.',
  search: 'start trigger when happens did track',
  stem: 'start',
  defaults: () => ({ event: '', where: null }),
  ports: () => [{ id: 'next', label: '' }],
  sentence: (config) => {
    const { event, where } = config as TriggerEventConfig
    if (!event) return 'When something happens'
    return where ? `When ${event} happens, ${sentence(where)}` : `When ${event} happens`
  },
}
