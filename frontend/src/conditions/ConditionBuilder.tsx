import { useFieldChoices } from './choices'
import type { Condition } from './condition'
import styles from './conditions.module.css'
import { GroupEditor } from './GroupEditor'
import { type Scope, ScopeContext } from './scope'
import { plainName, sentence } from './sentence'

interface Props extends Partial<Omit<Scope, 'kind'>> {
  readonly value: Condition | null | undefined
  readonly onChange: (condition: Condition | null) => void
  readonly kind?: Scope['kind']
  /** What the sentence below starts with: "People go this way when". */
  readonly lead: string
  readonly error?: string
}

/** Conditions as sentences: who, what they are or did, joined by and / or. Edits the whole condition language. */
export function ConditionBuilder({ value, onChange, kind = 'contact', event = '', sends = [], lead, error }: Props) {
  const fields = useFieldChoices()
  const names = {
    message: (id: string) => sends.find((send) => send.id === id)?.label ?? id,
    field: (name: string) => fields.find((one) => one.name === name)?.label ?? plainName(name),
  }
  const aloud = sentence(value, names)
  return (
    <ScopeContext value={{ kind, event, sends }}>
      <div className={styles.builder} data-invalid={error !== undefined}>
        <GroupEditor condition={value ?? null} onChange={onChange} depth={0} />
        {value && (
          <p className={styles.aloud}>
            {lead} <strong>{aloud}</strong>
            {aloud.endsWith('…') ? '' : '.'}
          </p>
        )}
        {error && <p className={styles.error}>{error}</p>}
      </div>
    </ScopeContext>
  )
}
