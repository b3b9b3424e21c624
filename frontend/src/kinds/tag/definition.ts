import type { KindDefinition } from '../../journey/kind'

export interface TagConfig {
  readonly add?: readonly string[]
  readonly remove?: readonly string[]
}

export const tag: KindDefinition = {
  type: 'tag',
  family: 'action',
  title: 'Tag',
  help: 'Puts tags on the person, or takes them off.',
  search: 'label mark add remove action',
  stem: 'tag',
  defaults: () => ({ add: [], remove: [] }),
  ports: () => [{ id: 'next', label: '' }],
  sentence: (config) => {
    const { add = [], remove = [] } = config as TagConfig
    const parts = []
    if (add.length > 0) parts.push(`Add ${add.length > 1 ? 'tags' : 'tag'} ${add.join(', ')}`)
    if (remove.length > 0) parts.push(`${parts.length > 0 ? 'remove' : 'Remove'} ${remove.join(', ')}`)
    return parts.length > 0 ? parts.join('; ') : 'Add or remove tags'
  },
}
