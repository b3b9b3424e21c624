import { Button, Menu, SegmentedControl } from '@mantine/core'
import { Icon } from '../app/icons'
import { ConditionRow } from './ConditionRow'
import { asGroup, type Combinator, type Condition, fromGroup, type Group, shapeOf } from './condition'
import styles from './conditions.module.css'
import { useChoicesHere, useScope } from './scope'
import { type NewShape, newCondition } from './types'

interface Props {
  readonly condition: Condition | null
  readonly onChange: (condition: Condition | null) => void
  readonly depth: number
}

/** A list of conditions and how they are joined. */
export function GroupEditor({ condition, onChange, depth }: Props) {
  const group = asGroup(condition)
  // Inside a list an empty group stays a group, so that what was just added doesn't vanish at once.
  const put = (next: Group) => onChange(depth > 0 ? asList(next) : fromGroup(next))
  const replace = (index: number, item: Condition | null) => {
    const items = item ? group.items.with(index, item) : group.items.toSpliced(index, 1)
    put({ ...group, items })
  }
  return (
    <div className={depth > 0 ? styles.group : styles.top}>
      {group.items.length > 1 && (
        <Joined value={group.combinator} onChange={(combinator) => put({ ...group, combinator })} />
      )}
      {group.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no names; a row is its place in the list
        <div key={index} className={styles.item}>
          {index > 0 && <span className={styles.joint}>{group.combinator === 'all' ? 'and' : 'or'}</span>}
          <ConditionRow condition={item} onChange={(next) => replace(index, next)} depth={depth} />
        </div>
      ))}
      <AddCondition
        isFirst={group.items.length === 0}
        canGroup={depth === 0 && group.items.length > 0}
        onAdd={(added) => put({ ...group, items: [...group.items, added] })}
      />
    </div>
  )
}

function asList({ combinator, items }: Group): Condition {
  return combinator === 'all' ? { all: items } : { any: items }
}

function Joined({ value, onChange }: { value: Combinator; onChange: (value: Combinator) => void }) {
  return (
    <SegmentedControl
      size="xs"
      className={styles.joined}
      aria-label="How the conditions are joined"
      value={value}
      onChange={(next) => onChange(next as Combinator)}
      data={[
        { value: 'all', label: 'All of these' },
        { value: 'any', label: 'Any of these' },
      ]}
    />
  )
}

const NEW: readonly { readonly shape: NewShape; readonly label: string; readonly inEvent: boolean }[] = [
  { shape: 'field', label: 'What they are…', inEvent: true },
  { shape: 'did', label: 'What they did…', inEvent: false },
  { shape: 'did_not', label: 'What they didn’t do…', inEvent: false },
  { shape: 'has_tag', label: 'A tag they have…', inEvent: false },
  { shape: 'message', label: 'A message of this journey…', inEvent: false },
  { shape: 'group', label: 'A group of conditions', inEvent: true },
]

interface AddProps {
  readonly isFirst: boolean
  readonly canGroup: boolean
  readonly onAdd: (condition: Condition) => void
}

function AddCondition({ isFirst, canGroup, onAdd }: AddProps) {
  const { kind, sends } = useScope()
  const fields = useChoicesHere()
  const add = (shape: NewShape) =>
    onAdd(
      newCondition(
        shape,
        fields,
        sends.map((send) => send.id),
      ),
    )
  const label = isFirst ? 'Add a condition' : 'Add another'
  const face = { variant: 'default', size: 'compact-sm', leftSection: <Icon name="plus" size={14} /> } as const
  if (kind === 'event' && !canGroup) {
    return (
      <Button {...face} onClick={() => add('field')} data-testid="add-condition">
        {label}
      </Button>
    )
  }
  const offered = NEW.filter((one) => {
    if (one.shape === 'group') return canGroup
    if (one.shape === 'message') return sends.length > 0
    return kind === 'contact' || one.inEvent
  })
  return (
    <Menu position="bottom-start" shadow="md">
      <Menu.Target>
        <Button {...face} data-testid="add-condition">
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {offered.map((one) => (
          <Menu.Item key={one.shape} onClick={() => add(one.shape)}>
            {kind === 'event' && one.shape === 'field' ? 'A property of the event…' : one.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

export function isGroup(condition: Condition): boolean {
  const shape = shapeOf(condition)
  return shape === 'all' || shape === 'any'
}
