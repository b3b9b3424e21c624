import { Autocomplete, NumberInput, SegmentedControl, TagsInput, TextInput } from '@mantine/core'
import { isDuration } from '../journey/duration'
import { useValueChoices } from './choices'
import type { Condition, FieldTest } from './condition'
import styles from './conditions.module.css'
import { DurationInput } from './DurationInput'
import { useScope } from './scope'
import { editingOf, meant, type ValueType } from './types'

interface Props {
  readonly test: FieldTest
  readonly type: ValueType
  readonly onChange: (condition: Condition) => void
}

/** The value a field is compared with, edited as what it is. */
export function ValueEditor({ test, type, onChange }: Props) {
  const put = (value: unknown) => onChange({ ...test, value })
  switch (editingOf(test.op)) {
    case 'none':
      return null
    case 'duration':
      return <DurationInput value={isDuration(test.value) ? test.value : null} onChange={put} />
    case 'several':
      return <Several test={test} type={type} onChange={put} />
    case 'two':
      return <Two test={test} type={type} onChange={put} />
    case 'one':
      return <One label="Value" test={test} value={test.value} type={type} onChange={put} />
  }
}

interface OneProps {
  readonly label: string
  readonly test: FieldTest
  readonly value: unknown
  readonly type: ValueType
  readonly onChange: (value: unknown) => void
}

function One({ label, test, value, type, onChange }: OneProps) {
  if (type === 'boolean') {
    return (
      <SegmentedControl
        size="xs"
        aria-label={label}
        value={value === false ? 'no' : 'yes'}
        onChange={(next) => onChange(next === 'yes')}
        data={[
          { value: 'yes', label: 'Yes' },
          { value: 'no', label: 'No' },
        ]}
      />
    )
  }
  if (type === 'number') {
    return (
      <NumberInput
        size="xs"
        aria-label={label}
        placeholder="Number"
        thousandSeparator=","
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => onChange(next === '' ? null : Number(next))}
      />
    )
  }
  if (type === 'date' || test.op === 'before' || test.op === 'after') {
    return (
      <TextInput
        size="xs"
        type="date"
        aria-label={label}
        value={String(value ?? '').slice(0, 10)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
  }
  if (type === 'any') return <Meant label={label} value={value} onChange={onChange} />
  return <Known label={label} field={test.field} type={type} value={value} onChange={onChange} />
}

interface MeantProps {
  readonly label: string
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}

/** A value for a property of unknown type: a number when it looks like one, which one click turns into text. */
function Meant({ label, value, onChange }: MeantProps) {
  const text = value === null || value === undefined ? '' : String(value)
  const isTyped = typeof value === 'number' || typeof value === 'boolean'
  const couldBe = typeof meant(text) !== 'string'
  return (
    <TextInput
      size="xs"
      aria-label={label}
      placeholder="Value"
      value={text}
      onChange={(event) => {
        const typed = event.currentTarget.value
        onChange(isTyped || text === '' || !couldBe ? meant(typed) : typed)
      }}
      rightSectionWidth={84}
      rightSection={
        couldBe && (
          <button
            type="button"
            className={styles.as}
            title="What the event’s property is compared as"
            onClick={() => onChange(isTyped ? text : meant(text))}
          >
            as {isTyped ? (typeof value === 'number' ? 'number' : 'yes/no') : 'text'}
          </button>
        )
      }
    />
  )
}

interface KnownProps extends MeantProps {
  readonly field: string
  readonly type: ValueType
}

function Known({ label, field, type, value, onChange }: KnownProps) {
  const { kind } = useScope()
  const values = useValueChoices(kind === 'contact' ? field : '', type)
  return (
    <Autocomplete
      size="xs"
      aria-label={label}
      placeholder="Value"
      data={[...values]}
      value={value === null || value === undefined ? '' : String(value)}
      onChange={onChange}
    />
  )
}

function Several({ test, type, onChange }: { test: FieldTest; type: ValueType; onChange: (value: unknown) => void }) {
  const { kind } = useScope()
  const values = useValueChoices(kind === 'contact' ? test.field : '', type)
  const current = Array.isArray(test.value) ? test.value.map(String) : []
  const typed = (text: string) => (type === 'number' || type === 'any' ? meant(text) : text)
  return (
    <TagsInput
      size="xs"
      aria-label="Values"
      placeholder={current.length === 0 ? 'Values, each with Enter' : undefined}
      data={[...values]}
      value={current}
      acceptValueOnBlur
      onChange={(next) => onChange(next.map(typed))}
    />
  )
}

function Two({ test, type, onChange }: { test: FieldTest; type: ValueType; onChange: (value: unknown) => void }) {
  const [low, high] = Array.isArray(test.value) ? (test.value as unknown[]) : []
  return (
    <div className={styles.line}>
      <One label="From" test={test} value={low} type={type} onChange={(next) => onChange([next, high ?? ''])} />
      <span className={styles.word}>and</span>
      <One label="To" test={test} value={high} type={type} onChange={(next) => onChange([low ?? '', next])} />
    </div>
  )
}
