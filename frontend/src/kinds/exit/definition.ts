import type { KindDefinition } from '../../journey/kind'

export const exit: KindDefinition = {
  type: 'exit',
  family: 'end',
  title: 'End',
  help: 'The journey is completed here.',
  search: 'exit stop leave finish done',
  stem: 'end',
  defaults: () => ({}),
  ports: () => [],
  sentence: () => 'The journey ends',
}
