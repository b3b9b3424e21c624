import { durationWords } from '../../journey/duration'
import type { KindDefinition } from '../../journey/kind'

export const waitFor: KindDefinition = {
  type: 'wait.for',
  family: 'wait',
  title: 'Wait',
  help: 'Everyone rests here for a fixed time.',
  search: 'delay pause timer days hours',
  stem: 'wait',
  defaults: () => ({ duration: { amount: 2, unit: 'days' } }),
  ports: () => [{ id: 'next', label: '' }],
  sentence: (config) => `Wait ${durationWords(config.duration)}`,
}
