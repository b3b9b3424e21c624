import { ActionIcon, Autocomplete, Button, NumberInput, Select, TextInput } from '@mantine/core'
import { Icon } from '../../app/icons'
import { choiceFor, useFieldChoices, useValueChoices } from '../../conditions/choices'
import type { FieldChoice } from '../../conditions/types'
import { errorAt, type FormProps } from '../form'
import styles from '../kinds.module.css'
import { Section } from '../Section'
import type { UpdateContactConfig } from './definition'

/** A journey can't change who somebody is or since when they are known. */
const FIXED = ['user_id', 'created_at']

export function UpdateContactForm(props: FormProps) {
  const set = (props.node.config as UpdateContactConfig).set ?? {}
  const choices = useFieldChoices().filter((choice) => !FIXED.includes(choice.name))
  const entries = Object.entries(set)
  const put = (next: [string, unknown][], field: string) => props.edit({ set: Object.fromEntries(next) }, field)
  const free = choices.find((choice) => !(choice.name in set))
  return (
    <div className={styles.form}>
      <Section title="Write these fields" hint="An empty value clears the field.">
        {entries.map(([name, value], index) => (
          <div key={name} className={styles.pair}>
            <FieldName
              name={name}
              choices={choices.filter((choice) => choice.name === name || !(choice.name in set))}
              error={errorAt(props, `set.${name}`)}
              onChange={(next) => put(entries.with(index, [next.name, startValue(next)]), 'field')}
            />
            <FieldValue
              choice={choiceFor(name, choices, 'text')}
              value={value}
              onChange={(next) => put(entries.with(index, [name, next]), `set.${name}`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={26}
              aria-label={`Don’t write ${name}`}
              onClick={() => put(entries.toSpliced(index, 1), 'remove')}
            >
              <Icon name="close" size={14} />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="plus" size={14} />}
            disabled={!free}
            onClick={() => free && put([...entries, [free.name, startValue(free)]], 'add')}
          >
            Add a field
          </Button>
        </div>
      </Section>
    </div>
  )
}

function startValue(choice: FieldChoice): unknown {
  if (choice.type === 'boolean') return true
  return choice.type === 'number' ? 0 : ''
}

interface NameProps {
  readonly name: string
  readonly choices: readonly FieldChoice[]
  readonly error?: string
  readonly onChange: (choice: FieldChoice) => void
}

function FieldName({ name, choices, error, onChange }: NameProps) {
  const data = choices.map((choice) => ({ value: choice.name, label: choice.label }))
  if (!choices.some((choice) => choice.name === name)) data.push({ value: name, label: name })
  return (
    <Select
      size="sm"
      aria-label="Field"
      searchable
      data={data}
      value={name}
      error={error}
      onChange={(next) => next && onChange(choiceFor(next, choices, 'text'))}
    />
  )
}

interface ValueProps {
  readonly choice: FieldChoice
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}

function FieldValue({ choice, value, onChange }: ValueProps) {
  const known = useValueChoices(choice.name, choice.type)
  if (choice.type === 'boolean') {
    return (
      <Select
        size="sm"
        aria-label={`New value of ${choice.label}`}
        data={[
          { value: 'yes', label: 'yes' },
          { value: 'no', label: 'no' },
          { value: 'none', label: '(clear)' },
        ]}
        value={value === null ? 'none' : value === false ? 'no' : 'yes'}
        onChange={(next) => onChange(next === 'none' ? null : next === 'yes')}
      />
    )
  }
  if (choice.type === 'number') {
    return (
      <NumberInput
        size="sm"
        aria-label={`New value of ${choice.label}`}
        value={typeof value === 'number' ? value : ''}
        placeholder="(clear)"
        onChange={(next) => onChange(next === '' ? null : Number(next))}
      />
    )
  }
  if (choice.type === 'date') {
    return (
      <TextInput
        size="sm"
        type="date"
        aria-label={`New value of ${choice.label}`}
        value={String(value ?? '').slice(0, 10)}
        onChange={(event) => onChange(event.currentTarget.value || null)}
      />
    )
  }
  return (
    <Autocomplete
      size="sm"
      aria-label={`New value of ${choice.label}`}
      placeholder="(clear)"
      data={[...known]}
      value={value === null || value === undefined ? '' : String(value)}
      onChange={onChange}
    />
  )
}
