import { ActionIcon, Button, NumberInput, TextInput } from '@mantine/core'
import { Icon } from '../../app/icons'
import { errorAt, type FormProps } from '../form'
import styles from '../kinds.module.css'
import { type BranchSplitConfig, evenedOut, type Share, sharesOf, sumOf } from './definition'

export function BranchSplitForm(props: FormProps) {
  const shares = sharesOf(props.node.config as BranchSplitConfig)
  const sum = sumOf(shares)
  const put = (next: readonly Share[], field: string) => props.edit({ shares: next }, field)
  const change = (index: number, patch: Partial<Share>, field: string) =>
    put(shares.with(index, { ...(shares[index] as Share), ...patch }), `shares.${index}.${field}`)
  return (
    <div className={styles.form}>
      <div className={styles.section}>
        {shares.map((one, index) => (
          <div key={one.port} className={styles.share}>
            <TextInput
              className={styles.grow}
              size="sm"
              aria-label="What this way is called"
              value={one.label ?? ''}
              placeholder={one.port}
              onChange={(event) => change(index, { label: event.currentTarget.value }, 'label')}
            />
            <NumberInput
              w={104}
              size="sm"
              aria-label={`Share of ${one.label || one.port} in percent`}
              suffix=" %"
              min={0}
              max={100}
              decimalScale={2}
              clampBehavior="strict"
              value={one.share}
              error={errorAt(props, `shares.${index}`) !== undefined}
              onChange={(value) => change(index, { share: value === '' ? 0 : Number(value) }, 'share')}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={28}
              aria-label={`Take out ${one.label || one.port}`}
              disabled={shares.length <= 2}
              onClick={() => put(shares.toSpliced(index, 1), 'shares')}
            >
              <Icon name="trash" size={15} />
            </ActionIcon>
          </div>
        ))}
        <div className={styles.bar} aria-hidden="true">
          {shares.map((one) => (
            <span key={one.port} style={{ width: `${Math.max(0, one.share) / Math.max(sum, 100) / 0.01}%` }} />
          ))}
        </div>
        <div className={styles.sum} data-off={sum !== 100}>
          <span className="tabular">{sum === 100 ? 'Together 100 %' : `Together ${sum} %: it has to be 100 %`}</span>
          <Button size="compact-xs" variant="subtle" onClick={() => put(evenedOut(shares), 'even')}>
            Even out
          </Button>
        </div>
      </div>
      <div>
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="plus" size={14} />}
          onClick={() => put([...shares, nextShare(shares)], 'shares')}
        >
          Add another way
        </Button>
      </div>
      <p className={styles.hint}>Chance decides anew for each passage, and always the same way for the same one.</p>
    </div>
  )
}

/** "c" after "a" and "b", with what is missing to 100 %. */
function nextShare(shares: readonly Share[]): Share {
  const taken = new Set(shares.map((one) => one.port))
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  const letter = [...letters].find((one) => !taken.has(one)) ?? `way-${shares.length + 1}`
  const missing = Math.max(0, Math.round((100 - sumOf(shares)) * 100) / 100)
  return { port: letter, label: letter.toUpperCase(), share: missing }
}
