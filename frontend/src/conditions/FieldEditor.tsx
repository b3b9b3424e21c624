import { Autocomplete, Select } from '@mantine/core'
import { choiceFor } from './choices'
import type { Condition, FieldOp, FieldTest } from './condition'
import styles from './conditions.module.css'
import { useChoicesHere, useScope } from './scope'
import { OP_WORDS } from './sentence'
import { type FieldChoice, OPS, withField, withOp } from './types'
import { ValueEditor } from './ValueEditor'

interface Props {
  readonly test: FieldTest
  readonly onChange: (condition: Condition) => void
}

/** "plan · is · pro": the comparisons that fit the field's type, with values people really have. */
export function FieldEditor({ test, onChange }: Props) {
  const { kind } = useScope()
  const choices = useChoicesHere()
  const choice = choiceFor(test.field, choices, kind === 'event' ? 'any' : 'text')
  const ops = OPS[choice.type]
  const offered = ops.includes(test.op) ? ops : [...ops, test.op]
  const choose = (next: FieldChoice) => onChange(withField(test, next, choice.type))
  return (
    <>
      <div className={styles.line}>
        {kind === 'event' ? (
          <Autocomplete
            className={styles.grow}
            size="xs"
            aria-label="Property"
            placeholder="Property"
            data={choices.map((one) => one.name)}
            value={test.field}
            onChange={(name) => onChange({ ...test, field: name })}
          />
        ) : (
          <Select
            className={styles.grow}
            size="xs"
            aria-label="Field"
            placeholder="Field"
            searchable
            nothingFoundMessage="No field is called that"
            data={listed(choices, choice)}
            value={test.field || null}
            onChange={(name) => choose(choiceFor(name ?? '', choices, 'text'))}
          />
        )}
        <Select
          w={134}
          size="xs"
          aria-label="Comparison"
          data={offered.map((op) => ({ value: op, label: OP_WORDS[op] ?? op }))}
          value={test.op}
          onChange={(op) => onChange(withOp(test, op as FieldOp, choice.type))}
        />
      </div>
      <ValueEditor test={test} type={choice.type} onChange={onChange} />
    </>
  )
}

function listed(choices: readonly FieldChoice[], current: FieldChoice) {
  const all = choices.some((one) => one.name === current.name) || !current.name ? choices : [...choices, current]
  return all.map((one) => ({ value: one.name, label: one.label }))
}
