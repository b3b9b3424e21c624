import { Button, Group, NumberInput, PasswordInput, Radio, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ApiProblem, reasonOf } from '../../api/client'
import { useSession } from '../../api/session'
import { testEmail, useEmailChannel, useSettingsActions } from '../../api/settings'
import type { EmailChannel } from '../../api/types'
import { Icon } from '../../app/icons'
import { useIsSample } from '../../app/now'
import { ErrorState } from '../../ui/ErrorState'
import { Loading } from '../../ui/Loading'
import { Note } from '../../ui/Note'
import { done } from '../../ui/notify'
import { Card } from '../../ui/Page'
import styles from './settings.module.css'
import { usualPort } from './smtp'

export function EmailSettings() {
  const channel = useEmailChannel()
  if (channel.isPending) return <Loading />
  if (!channel.data)
    return (
      <Card>
        <ErrorState error={channel.error} onRetry={channel.refetch} />
      </Card>
    )
  return (
    <Stack gap="lg">
      <ChannelForm saved={channel.data} />
      <SendTest channel={channel.data} />
    </Stack>
  )
}

function ChannelForm({ saved }: { saved: EmailChannel }) {
  const { saveEmail } = useSettingsActions()
  const isSample = useIsSample()
  const [form, setForm] = useState<EmailChannel>({ ...saved, password: '' })
  const [problem, setProblem] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const isSmtp = form.mode === 'smtp'
  const isElsewhere = saved.has_password && (form.host !== saved.host || form.port !== saved.port)

  function set<K extends keyof EmailChannel>(name: K, value: EmailChannel[K]) {
    setForm((before) => ({ ...before, [name]: value }))
  }

  async function save(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await saveEmail(form)
      set('password', '')
      done('E-mail settings are saved')
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }

  const text = (name: 'host' | 'username' | 'from_name' | 'from_email' | 'reply_to') => ({
    value: form[name] ?? '',
    error: fields[name],
    onChange: (event: { currentTarget: HTMLInputElement }) => set(name, event.currentTarget.value),
  })

  return (
    <Card label="Where messages go">
      <form onSubmit={save}>
        <Stack gap="lg">
          <Radio.Group
            label={<h2>Where messages go</h2>}
            value={form.mode}
            onChange={(mode) => set('mode', mode as EmailChannel['mode'])}
          >
            <SimpleGrid cols={{ base: 1, sm: 2 }} mt="sm">
              <Choice value="test" title="Test inbox" help="Nothing leaves this machine. Read everything in the app." />
              <Choice value="smtp" title="A mail server" help="Messages go to real people, over SMTP." />
            </SimpleGrid>
          </Radio.Group>
          {isSmtp && isSample && (
            <Note tone="warn">
              In the sample only the test inbox sends, whatever is set here. It takes effect once you start for real.
            </Note>
          )}
          {isSmtp && (
            <>
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
                <TextInput
                  label="Server"
                  placeholder="smtp.example.org"
                  required
                  withAsterisk={false}
                  {...text('host')}
                />
                <Group grow align="flex-start">
                  <Select
                    label="Encryption"
                    data={[
                      { value: 'starttls', label: 'STARTTLS' },
                      { value: 'tls', label: 'TLS' },
                      { value: 'none', label: 'None' },
                    ]}
                    value={form.security}
                    error={fields.security}
                    onChange={(value) => {
                      const security = value as EmailChannel['security']
                      setForm((before) => ({ ...before, security, port: usualPort(security, before) }))
                    }}
                  />
                  <NumberInput
                    label="Port"
                    min={1}
                    max={65535}
                    allowDecimal={false}
                    hideControls
                    value={form.port}
                    error={fields.port}
                    onChange={(port) => set('port', Number(port))}
                  />
                </Group>
                <TextInput label="User name" autoComplete="off" {...text('username')} />
                <PasswordInput
                  label="Password"
                  autoComplete="new-password"
                  placeholder={saved.has_password && !isElsewhere ? 'Kept as it is' : ''}
                  value={form.password ?? ''}
                  error={fields.password}
                  onChange={(event) => set('password', event.currentTarget.value)}
                />
              </SimpleGrid>
              {isElsewhere && !form.password && (
                <Note tone="warn">For another server or port the password has to be given again.</Note>
              )}
              {form.security === 'none' && (
                <Note tone="warn">Without encryption the password and every message travel in the open.</Note>
              )}
            </>
          )}
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
            <TextInput label="Sender’s name" placeholder="The Record Shop" {...text('from_name')} />
            <TextInput label="Sender’s address" type="email" placeholder="hello@example.org" {...text('from_email')} />
            <TextInput label="Answers go to" type="email" placeholder="Same as the sender" {...text('reply_to')} />
          </SimpleGrid>
          {problem !== null && (
            <Note tone="bad">
              Nothing was saved.{' '}
              {Object.keys(fields).length > 0 ? 'The fields marked in red need another look.' : reasonOf(problem)}
            </Note>
          )}
          <Group justify="flex-end">
            <Button type="submit" loading={isBusy}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}

function Choice({ value, title, help }: { value: string; title: string; help: string }) {
  return (
    <Radio.Card value={value} className={styles.choice} radius={10}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Radio.Indicator />
        <div>
          <strong>{title}</strong>
          <p className={styles.small}>{help}</p>
        </div>
      </Group>
    </Radio.Card>
  )
}

function SendTest({ channel }: { channel: EmailChannel }) {
  const isSample = useIsSample()
  const mine = useSession().data?.user?.email ?? ''
  const [to, setTo] = useState(mine)
  const [answer, setAnswer] = useState<{ ok: boolean; answer: string } | null>(null)
  const [isBusy, setBusy] = useState(false)

  async function send(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setAnswer(null)
    try {
      setAnswer(await testEmail(to.trim()))
    } catch (error) {
      setAnswer({ ok: false, answer: reasonOf(error) })
    } finally {
      setBusy(false)
    }
  }

  return (
    <Card label="Send a test">
      <h2>Send a test</h2>
      <p className={styles.small}>
        {channel.mode === 'smtp' && !isSample
          ? `Through ${channel.host}, with what is saved above. The server’s own answer is shown.`
          : isSample
            ? 'It stays in the test inbox, as everything does in the sample.'
            : 'It stays in the test inbox, as everything does until a mail server is set up.'}
      </p>
      <form onSubmit={send}>
        <Group mt="md" align="flex-end">
          <TextInput
            label="To"
            type="email"
            required
            withAsterisk={false}
            w={300}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" leftSection={<Icon name="send" size={16} />} loading={isBusy}>
            Send a test
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {answer && (
          <div className={styles.answer} ref={(shown) => shown?.scrollIntoView({ block: 'nearest' })}>
            <Note tone={answer.ok ? 'good' : 'bad'}>
              <strong>{answer.ok ? 'It was taken.' : 'It was not taken.'}</strong> {answer.answer}
            </Note>
          </div>
        )}
      </div>
    </Card>
  )
}
