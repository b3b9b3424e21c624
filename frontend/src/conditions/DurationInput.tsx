import { NumberInput, Select } from '@mantine/core'
import { type Duration, UNITS, type Unit } from '../journey/duration'
import styles from './conditions.module.css'

interface Props {
  readonly value: Duration | null
  readonly onChange: (duration: Duration) => void
  readonly size?: 'xs' | 'sm'
  readonly label?: string
  readonly error?: string
}

/** "2 days": an amount and its unit. An emptied amount stays empty until a number is typed. */
export function DurationInput({ value, onChange, size = 'xs', label = 'How long', error }: Props) {
  const unit = value?.unit ?? 'days'
  return (
    <div>
      <div className={styles.line}>
        <NumberInput
          w={92}
          size={size}
          aria-label={`${label}: amount`}
          min={1}
          max={100_000}
          clampBehavior="blur"
          allowDecimal={false}
          allowNegative={false}
          error={error !== undefined}
          value={value?.amount ?? ''}
          onChange={(amount) => {
            if (amount !== '') onChange({ amount: Number(amount), unit })
          }}
        />
        <Select
          className={styles.grow}
          size={size}
          aria-label={`${label}: unit`}
          data={UNITS.map((one) => ({ value: one, label: value?.amount === 1 ? one.slice(0, -1) : one }))}
          value={unit}
          onChange={(next) => onChange({ amount: value?.amount ?? 1, unit: next as Unit })}
        />
      </div>
      {error && <p className={styles.error}>{error}</p>}
    </div>
  )
}
