import { ConditionBuilder } from '../../conditions/ConditionBuilder'
import { EventInput } from '../../conditions/EventInput'
import { errorAt, type FormProps } from '../form'
import styles from '../kinds.module.css'
import { Section } from '../Section'
import type { TriggerEventConfig } from './definition'

export function TriggerEventForm(props: FormProps) {
  const { event = '', where } = props.node.config as TriggerEventConfig
  return (
    <div className={styles.form}>
      <EventInput
        size="sm"
        label="When this happens"
        description="Each time it happens to someone, they may enter."
        value={event}
        error={errorAt(props, 'event')}
        onChange={(name) => props.edit({ event: name }, 'event')}
      />
      <Section title="Only when" hint="Compare the event’s properties, such as amount or plan. Leave empty for all.">
        <ConditionBuilder
          kind="event"
          event={event}
          value={where}
          lead="People enter when the event’s"
          error={errorAt(props, 'where')}
          onChange={(condition) => props.edit({ where: condition }, 'where')}
        />
      </Section>
    </div>
  )
}
