import { SegmentedControl, Select, Switch } from '@mantine/core'
import { useZone } from '../../../app/now'
import { ConditionBuilder } from '../../../conditions/ConditionBuilder'
import { DurationInput } from '../../../conditions/DurationInput'
import { editSettings } from '../../../journey/commands/edit'
import type { JourneySettings, Reentry } from '../../../journey/document'
import { problemAt } from '../../../journey/problem'
import { sendsOf } from '../../../kinds/form'
import { useEditorState, usePlace } from '../context'
import { Head } from './Head'
import styles from './panel.module.css'

const AGAIN_HELP: Readonly<Record<NonNullable<Reentry['allow']>, string>> = {
  never: 'Everyone goes through once, ever.',
  after_exit: 'After someone has left, the next matching event lets them in again.',
  always: 'Someone can be inside several times at once.',
}

/** Settings of the whole journey: who may enter again, who leaves early, which clock. */
export function SettingsPanel() {
  const { store } = usePlace()
  const doc = useEditorState((editor) => editor.history.doc)
  const list = useEditorState((editor) => editor.view.problems.list)
  const problems = list.filter((problem) => problem.node === null)
  const settings = doc.settings ?? {}
  const reentry = settings.reentry ?? {}
  const allow = reentry.allow ?? 'never'
  const edit = (patch: Partial<JourneySettings>, field: string) =>
    store.getState().act((now) => editSettings(now, patch, field))
  return (
    <>
      <Head icon="settings" kind="Nothing selected">
        <div className={styles.title}>Journey settings</div>
      </Head>
      <div className={`${styles.body} ${styles.sections}`} data-form>
        <section className={styles.section}>
          <h3>May people enter again?</h3>
          <SegmentedControl
            fullWidth
            size="xs"
            value={allow}
            onChange={(value) => edit({ reentry: { ...reentry, allow: value as Reentry['allow'] } }, 'reentry')}
            data={[
              { value: 'never', label: 'Never' },
              { value: 'after_exit', label: 'After leaving' },
              { value: 'always', label: 'Always' },
            ]}
          />
          <p className={styles.help}>{AGAIN_HELP[allow]}</p>
          {allow !== 'never' && (
            <>
              <Switch
                size="sm"
                label="Not before some time has passed"
                checked={reentry.not_before !== undefined}
                onChange={(change) => {
                  const { not_before: _, ...rest } = reentry
                  const isOn = change.currentTarget.checked
                  edit(
                    { reentry: isOn ? { ...rest, not_before: { amount: 30, unit: 'days' } } : rest },
                    'not_before-on',
                  )
                }}
              />
              {reentry.not_before && (
                <DurationInput
                  size="sm"
                  label="Since they entered last"
                  value={reentry.not_before}
                  error={problemAt(problems, 'settings.reentry.not_before')}
                  onChange={(value) => edit({ reentry: { ...reentry, not_before: value } }, 'not_before')}
                />
              )}
            </>
          )}
        </section>
        <section className={styles.section}>
          <h3>Who leaves early?</h3>
          <p className={styles.help}>
            Whoever fulfils this leaves at once, wherever they are. Events count from the moment they entered.
          </p>
          <ConditionBuilder
            value={settings.exit}
            sends={sendsOf(doc)}
            lead="People leave as soon as"
            error={problemAt(problems, 'settings.exit')}
            onChange={(exit) => edit({ exit: exit ?? undefined }, 'exit')}
          />
        </section>
        <Zone value={settings.timezone} error={problemAt(problems, 'settings.timezone')} onChange={edit} />
      </div>
    </>
  )
}

interface ZoneProps {
  readonly value: string | undefined
  readonly error?: string
  readonly onChange: (patch: Partial<JourneySettings>, field: string) => void
}

function Zone({ value, error, onChange }: ZoneProps) {
  const workspace = useZone()
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
  return (
    <section className={styles.section}>
      <h3>Time zone</h3>
      <p className={styles.help}>For dates written without a zone, and for people whose own zone is not known.</p>
      <Select
        searchable
        clearable
        aria-label="Time zone of the journey"
        placeholder={`UTC (the workspace is in ${workspace})`}
        data={value && !zones.includes(value) ? [value, ...zones] : zones}
        limit={40}
        value={value ?? null}
        error={error}
        onChange={(zone) => onChange({ timezone: zone ?? undefined }, 'timezone')}
      />
    </section>
  )
}
