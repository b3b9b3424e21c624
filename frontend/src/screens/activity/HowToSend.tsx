import { Button, Stack, Tabs } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { useKeys, useSettingsActions } from '../../api/settings'
import { Icon } from '../../app/icons'
import { Code, CopyButton } from '../../ui/CopyButton'
import { Note } from '../../ui/Note'
import { failed } from '../../ui/notify'
import { Card } from '../../ui/Page'
import styles from './activity.module.css'
import { snippets } from './snippets'

/** Any Segment library works: a key, an address, three lines. */
export function HowToSend() {
  const keys = useKeys().data?.items.filter((key) => key.kind === 'write' && !key.revoked_at) ?? []
  const { createKey } = useSettingsActions()
  const [made, setMade] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const shown = snippets(window.location.origin, made ?? 'YOUR_WRITE_KEY')

  async function make() {
    setBusy(true)
    try {
      setMade((await createKey('write', 'Events')).key)
    } catch (error) {
      failed(error, 'The key was not made')
    } finally {
      setBusy(false)
    }
  }

  return (
    <Stack gap="lg">
      <Card label="Write key">
        <div className={styles.step}>
          <span className={styles.no}>1</span>
          <div>
            <h2>A write key</h2>
            <p className="muted">It says that events may come in. It can’t read anything.</p>
            {made ? (
              <Stack gap="sm" mt="sm">
                <div className={styles.key}>
                  <code>{made}</code>
                  <CopyButton text={made} />
                </div>
                <Note tone="warn">Keep it now: it is shown this once. The snippets below already carry it.</Note>
              </Stack>
            ) : (
              <div className={styles.keyActions}>
                <Button size="sm" leftSection={<Icon name="key" size={16} />} loading={isBusy} onClick={make}>
                  Make a write key
                </Button>
                {keys.length > 0 && (
                  <span className="muted">
                    or use one you have: {keys.map((key) => key.name || key.hint).join(', ')}.{' '}
                    <Link href="/settings/keys">All keys</Link>
                  </span>
                )}
              </div>
            )}
          </div>
        </div>
      </Card>
      <Card label="Snippets">
        <div className={styles.step}>
          <span className={styles.no}>2</span>
          <div className={styles.grow}>
            <h2>Your first events</h2>
            <p className="muted">
              Any Segment library will do, pointed at this address. The first says who somebody is, the second what they
              did.
            </p>
            <Tabs defaultValue="python" mt="md" keepMounted={false}>
              <Tabs.List mb="sm">
                {shown.map(({ name, title }) => (
                  <Tabs.Tab key={name} value={name}>
                    {title}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              {shown.map(({ name, text }) => (
                <Tabs.Panel key={name} value={name}>
                  <Code>{text}</Code>
                </Tabs.Panel>
              ))}
            </Tabs>
          </div>
        </div>
      </Card>
    </Stack>
  )
}
