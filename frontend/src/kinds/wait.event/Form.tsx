import { SegmentedControl, Switch } from '@mantine/core'
import { ConditionBuilder } from '../../conditions/ConditionBuilder'
import { DurationInput } from '../../conditions/DurationInput'
import { EventInput } from '../../conditions/EventInput'
import { errorAt, type FormProps } from '../form'
import styles from '../kinds.module.css'
import { Section } from '../Section'
import type { WaitEventConfig } from './definition'

export function WaitEventForm(props: FormProps) {
  const { event = '', where, timeout, since } = props.node.config as WaitEventConfig
  return (
    <div className={styles.form}>
      <EventInput
        size="sm"
        label="Wait until this happens"
        value={event}
        error={errorAt(props, 'event')}
        onChange={(name) => props.edit({ event: name }, 'event')}
      />
      <Section title="Only when" hint="Compare the event’s properties. Leave empty for all.">
        <ConditionBuilder
          kind="event"
          event={event}
          value={where}
          lead="It counts when the event’s"
          error={errorAt(props, 'where')}
          onChange={(condition) => props.edit({ where: condition }, 'where')}
        />
      </Section>
      <Section title="How long at most">
        <Switch
          label="Go on when the time is up"
          checked={timeout !== null && timeout !== undefined}
          onChange={(change) =>
            props.edit({ timeout: change.currentTarget.checked ? { amount: 3, unit: 'days' } : null }, 'timeout-on')
          }
        />
        {timeout ? (
          <DurationInput
            size="sm"
            value={timeout}
            error={errorAt(props, 'timeout')}
            onChange={(next) => props.edit({ timeout: next }, 'timeout')}
          />
        ) : (
          <p className={styles.hint}>People may rest here for ever.</p>
        )}
      </Section>
      <Section
        title="Which events count"
        hint={
          since === 'entry'
            ? 'If it happened since the person entered the journey, they go on at once.'
            : 'Only what happens while the person rests here.'
        }
      >
        <SegmentedControl
          size="xs"
          value={since ?? 'wait'}
          onChange={(value) => props.edit({ since: value }, 'since')}
          data={[
            { value: 'wait', label: 'Since they wait' },
            { value: 'entry', label: 'Since they entered' },
          ]}
        />
      </Section>
    </div>
  )
}
