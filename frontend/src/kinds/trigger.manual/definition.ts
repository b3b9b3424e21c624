import type { KindDefinition } from '../../journey/kind'

export const triggerManual: KindDefinition = {
  type: 'trigger.manual',
  family: 'trigger',
  title: 'By hand',
  help: 'People you choose enter when you say so.',
  search: 'start trigger manual enroll list',
  stem: 'start',
  defaults: () => ({}),
  ports: () => [{ id: 'next', label: '' }],
  sentence: () => 'When you enroll people',
}
