import { ActionIcon, Button, TextInput } from '@mantine/core'
import { Icon } from '../../app/icons'
import { ConditionBuilder } from '../../conditions/ConditionBuilder'
import { freeId } from '../../journey/document'
import { errorAt, type FormProps, sendsOf } from '../form'
import styles from '../kinds.module.css'
import { type Arm, armsOf, type BranchIfConfig, elseLabel } from './definition'

export function BranchIfForm(props: FormProps) {
  const arms = armsOf(props.node.config as BranchIfConfig)
  const put = (branches: readonly Arm[], field: string) => props.edit({ branches }, field)
  const change = (index: number, patch: Partial<Arm>, field: string) =>
    put(arms.with(index, { ...(arms[index] as Arm), ...patch }), `branches.${index}.${field}`)
  const add = () => {
    const port = freeId(
      arms.map((arm) => arm.port),
      'way',
    )
    put([...arms, { port, label: `Way ${arms.length + 1}`, when: null }], 'branches')
  }
  return (
    <div className={styles.form}>
      {arms.map((arm, index) => (
        <div key={arm.port} className={styles.arm}>
          <div className={styles.armHead}>
            <TextInput
              className={styles.grow}
              size="xs"
              aria-label="What this way is called"
              value={arm.label ?? ''}
              placeholder={arm.port}
              error={errorAt(props, `branches.${index}.port`)}
              onChange={(event) => change(index, { label: event.currentTarget.value }, 'label')}
            />
            {arms.length > 1 && (
              <>
                <Small
                  icon="up"
                  label="Ask earlier"
                  isOff={index === 0}
                  onClick={() => put(swapped(arms, index - 1), 'order')}
                />
                <Small
                  icon="down"
                  label="Ask later"
                  isOff={index === arms.length - 1}
                  onClick={() => put(swapped(arms, index), 'order')}
                />
                <Small
                  icon="trash"
                  label="Take this way out"
                  onClick={() => put(arms.toSpliced(index, 1), 'branches')}
                />
              </>
            )}
          </div>
          <ConditionBuilder
            value={arm.when}
            sends={sendsOf(props.doc)}
            lead={`People go “${arm.label || arm.port}” when`}
            error={arm.when ? errorAt(props, `branches.${index}.when`) : undefined}
            onChange={(when) => change(index, { when }, 'when')}
          />
        </div>
      ))}
      <div>
        <Button variant="default" size="xs" leftSection={<Icon name="plus" size={14} />} onClick={add}>
          Add another way
        </Button>
      </div>
      <p className={styles.hint}>
        {arms.length > 1
          ? 'Asked from top to bottom; the first that is true decides. Everyone else goes “Otherwise”.'
          : `Everyone else goes “${elseLabel(arms)}”.`}
      </p>
    </div>
  )
}

function swapped(arms: readonly Arm[], index: number): Arm[] {
  const next = [...arms]
  next.splice(index, 2, arms[index + 1] as Arm, arms[index] as Arm)
  return next
}

interface SmallProps {
  readonly icon: 'up' | 'down' | 'trash'
  readonly label: string
  readonly isOff?: boolean
  readonly onClick: () => void
}

function Small({ icon, label, isOff = false, onClick }: SmallProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={26}
      aria-label={label}
      title={label}
      disabled={isOff}
      onClick={onClick}
    >
      <Icon name={icon} size={15} />
    </ActionIcon>
  )
}
