/** The picture of each kind; a family's own for kinds nobody here knows. */
import type { IconName } from '../app/icons'
import type { Family } from '../journey/kind'

const BY_TYPE: Readonly<Record<string, IconName>> = {
  'trigger.event': 'bolt',
  'trigger.manual': 'hand',
  'wait.for': 'clock',
  'wait.event': 'hourglass',
  'branch.if': 'branch',
  'branch.split': 'split',
  'send.email': 'mail',
  'update.contact': 'pencil',
  tag: 'tag',
  exit: 'flag',
}

const BY_FAMILY: Readonly<Record<Family, IconName>> = {
  trigger: 'bolt',
  wait: 'clock',
  branch: 'branch',
  send: 'mail',
  action: 'pencil',
  people: 'person',
  end: 'flag',
}

export function iconOf(type: string, family: Family): IconName {
  return BY_TYPE[type] ?? BY_FAMILY[family]
}
