import { DurationInput } from '../../conditions/DurationInput'
import { isDuration } from '../../journey/duration'
import { errorAt, type FormProps } from '../form'
import styles from '../kinds.module.css'
import { Section } from '../Section'

export function WaitForForm(props: FormProps) {
  const { duration } = props.node.config
  return (
    <div className={styles.form}>
      <Section title="Wait for" hint="Counted from the moment each person arrives here. A day is 24 hours.">
        <DurationInput
          size="sm"
          value={isDuration(duration) ? duration : null}
          error={errorAt(props, 'duration')}
          onChange={(next) => props.edit({ duration: next }, 'duration')}
        />
      </Section>
    </div>
  )
}
