import { Button, NumberInput, SegmentedControl } from '@mantine/core'
import type { Condition, Did, DidNot } from './condition'
import styles from './conditions.module.css'
import { DurationInput } from './DurationInput'
import { EventInput } from './EventInput'
import { GroupEditor } from './GroupEditor'
import { ScopeContext } from './scope'

interface Props {
  readonly behaviour: Did | DidNot
  readonly onChange: (condition: Condition) => void
  readonly depth: number
}

/** "did Order Completed · at least 3 times · in the last 30 days · where …". */
export function BehaviourEditor({ behaviour, onChange, depth }: Props) {
  const isDid = 'did' in behaviour
  const name = isDid ? behaviour.did : behaviour.did_not
  const { where, at_least, within } = behaviour
  const put = (change: Partial<Rest>) => onChange(assembled(isDid, name, { where, at_least, within, ...change }))
  return (
    <>
      <div className={styles.line}>
        <SegmentedControl
          size="xs"
          aria-label="Did or did not"
          value={isDid ? 'did' : 'did_not'}
          onChange={(value) => onChange(assembled(value === 'did', name, { where, at_least, within }))}
          data={[
            { value: 'did', label: 'Did' },
            { value: 'did_not', label: 'Didn’t do' },
          ]}
        />
        <div className={styles.grow}>
          <EventInput
            value={name}
            onChange={(event) => onChange(assembled(isDid, event, { where, at_least, within }))}
          />
        </div>
      </div>
      {at_least !== undefined && (
        <Clause label="at least" onRemove={() => put({ at_least: undefined })}>
          <NumberInput
            w={84}
            size="xs"
            aria-label="At least so many times"
            min={1}
            max={1_000_000}
            allowDecimal={false}
            value={at_least}
            onChange={(value) => value !== '' && put({ at_least: Number(value) })}
          />
          <span className={styles.word}>times</span>
        </Clause>
      )}
      {within !== undefined && (
        <Clause label="in the last" onRemove={() => put({ within: undefined })}>
          <DurationInput value={within} label="In the last" onChange={(value) => put({ within: value })} />
        </Clause>
      )}
      {where && (
        <ScopeContext value={{ kind: 'event', event: name, sends: [] }}>
          <span className={styles.word}>where the event’s</span>
          <GroupEditor
            condition={where}
            onChange={(next) => put({ where: isEmpty(next) ? undefined : next })}
            depth={depth + 1}
          />
        </ScopeContext>
      )}
      <div className={styles.more}>
        {at_least === undefined && <More label="how often" onClick={() => put({ at_least: 2 })} />}
        {within === undefined && (
          <More label="how long ago" onClick={() => put({ within: { amount: 30, unit: 'days' } })} />
        )}
        {!where && (
          <More label="where…" onClick={() => put({ where: { all: [{ field: '', op: 'is', value: '' }] } })} />
        )}
      </div>
    </>
  )
}

type Rest = Pick<Did, 'where' | 'at_least' | 'within'>

function assembled(isDid: boolean, name: string, rest: Rest): Condition {
  const kept = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== null))
  return isDid ? { did: name, ...kept } : { did_not: name, ...kept }
}

function isEmpty(condition: Condition | null): boolean {
  if (!condition) return true
  const items = 'all' in condition ? condition.all : 'any' in condition ? condition.any : null
  return Array.isArray(items) && items.length === 0
}

function Clause({ label, onRemove, children }: { label: string; onRemove: () => void; children: React.ReactNode }) {
  return (
    <div className={styles.line}>
      <span className={styles.word}>{label}</span>
      {children}
      <button type="button" className={styles.drop} aria-label={`Take out “${label}”`} onClick={onRemove}>
        ×
      </button>
    </div>
  )
}

function More({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button size="compact-xs" variant="subtle" onClick={onClick}>
      + {label}
    </Button>
  )
}
