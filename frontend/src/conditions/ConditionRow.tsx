import { ActionIcon, Autocomplete, Select } from '@mantine/core'
import type { ReactNode } from 'react'
import { Icon } from '../app/icons'
import { BehaviourEditor } from './BehaviourEditor'
import { useTagChoices } from './choices'
import {
  type Condition,
  type Did,
  type DidNot,
  type FieldTest,
  type HasTag,
  MESSAGE_STATES,
  type MessageState,
  type MessageWas,
  type Not,
  shapeOf,
} from './condition'
import styles from './conditions.module.css'
import { FieldEditor } from './FieldEditor'
import { GroupEditor } from './GroupEditor'
import { useScope } from './scope'

interface Props {
  readonly condition: Condition
  readonly onChange: (condition: Condition | null) => void
  readonly depth: number
}

/** One condition of any shape, with a way to take it out. */
export function ConditionRow({ condition, onChange, depth }: Props) {
  return (
    <div className={styles.row} data-shape={shapeOf(condition)}>
      <div className={styles.parts}>{partsOf({ condition, onChange, depth })}</div>
      <ActionIcon variant="subtle" color="gray" size={26} aria-label="Take this out" onClick={() => onChange(null)}>
        <Icon name="close" size={14} />
      </ActionIcon>
    </div>
  )
}

function partsOf({ condition, onChange, depth }: Props): ReactNode {
  switch (shapeOf(condition)) {
    case 'all':
    case 'any':
      return <GroupEditor condition={condition} onChange={onChange} depth={depth + 1} />
    case 'not':
      return (
        <>
          <span className={styles.word}>None of this is true:</span>
          <GroupEditor
            condition={(condition as Not).not}
            onChange={(inner) => onChange(inner && { not: inner })}
            depth={depth + 1}
          />
        </>
      )
    case 'field':
      return <FieldEditor test={condition as FieldTest} onChange={onChange} />
    case 'did':
    case 'did_not':
      return <BehaviourEditor behaviour={condition as Did | DidNot} onChange={onChange} depth={depth} />
    case 'has_tag':
      return <TagEditor test={condition as HasTag} onChange={onChange} />
    case 'message':
      return <MessageEditor test={condition as MessageWas} onChange={onChange} />
    case 'unknown':
      return (
        <>
          <span className={styles.word}>A condition this version can’t edit; it is kept as it is:</span>
          <code className={styles.raw}>{JSON.stringify(condition)}</code>
        </>
      )
  }
}

function TagEditor({ test, onChange }: { test: HasTag; onChange: (condition: Condition) => void }) {
  const tags = useTagChoices()
  return (
    <div className={styles.line}>
      <span className={styles.word}>has the tag</span>
      <Autocomplete
        className={styles.grow}
        size="xs"
        aria-label="Tag"
        placeholder="Tag"
        data={[...tags]}
        value={test.has_tag}
        onChange={(tag) => onChange({ has_tag: tag })}
      />
    </div>
  )
}

const STATE_WORDS: Readonly<Record<MessageState, string>> = {
  sent: 'was sent',
  delivered: 'was delivered',
  opened: 'was opened',
  clicked: 'was clicked',
  bounced: 'bounced',
}

function MessageEditor({ test, onChange }: { test: MessageWas; onChange: (condition: Condition) => void }) {
  const { sends } = useScope()
  const known = sends.some((send) => send.id === test.message)
  const data = sends.map((send) => ({ value: send.id, label: send.label }))
  if (!known && test.message) data.push({ value: test.message, label: `${test.message} (gone)` })
  return (
    <div className={styles.line}>
      <Select
        className={styles.grow}
        size="xs"
        aria-label="Message"
        placeholder="Choose a message"
        data={data}
        value={test.message || null}
        onChange={(message) => onChange({ ...test, message: message ?? '' })}
      />
      <Select
        w={124}
        size="xs"
        aria-label="What became of it"
        data={MESSAGE_STATES.map((state) => ({ value: state, label: STATE_WORDS[state] }))}
        value={test.was}
        onChange={(was) => onChange({ ...test, was: was as MessageState })}
      />
    </div>
  )
}
