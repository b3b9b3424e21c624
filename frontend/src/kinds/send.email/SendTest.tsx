import { Button, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { api, reasonOf } from '../../api/client'
import { useContacts } from '../../api/contacts'
import { useSession } from '../../api/session'
import type { TestSent } from '../../api/types'
import { Icon } from '../../app/icons'
import styles from '../kinds.module.css'
import { Section } from '../Section'
import { formatOf } from './tokens'

interface Props {
  readonly journey: number
  readonly node: string
  readonly body: string
  readonly save: () => Promise<unknown>
}

interface Said {
  readonly tone: 'good' | 'bad'
  readonly words: string
}

/** "Send me a test": the draft's message, rendered by the server and sent through the real channel; then shown. */
export function SendTest({ journey, node, body, save }: Props) {
  const mine = useSession().data?.user?.email ?? ''
  const [to, setTo] = useState<string | null>(null)
  const [contact, setContact] = useState<number | null>(null)
  const [said, setSaid] = useState<Said | null>(null)
  const [shown, setShown] = useState<Rendered | null>(null)
  const [isBusy, setBusy] = useState(false)
  const address = to ?? mine

  const send = async () => {
    setBusy(true)
    setSaid(null)
    try {
      await save()
      const sent = await api.post<TestSent & Partial<Rendered>>(`/api/journeys/${journey}/nodes/${node}/test`, {
        to: address,
        contact,
      })
      setSaid(wordsFor(sent, address))
      setShown({ html: sent.html ?? null, text: sent.text ?? '' })
    } catch (error) {
      setSaid({ tone: 'bad', words: reasonOf(error) })
    } finally {
      setBusy(false)
    }
  }

  const html = shown?.html ?? (formatOf(body) === 'HTML' ? body : null)
  return (
    <Section title="See it" hint="As it would be for somebody, rendered and sent just like the real one.">
      <ContactChoice value={contact} onChange={setContact} />
      <div className={styles.share}>
        <TextInput
          className={styles.grow}
          aria-label="Send the test to"
          type="email"
          value={address}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button
          variant="default"
          loading={isBusy}
          disabled={!address.includes('@')}
          leftSection={<Icon name="send" size={15} />}
          onClick={() => void send()}
          data-testid="send-test"
        >
          Send me a test
        </Button>
      </div>
      {said && (
        <p className={styles.said} data-tone={said.tone} role="status">
          {said.words}
        </p>
      )}
      {html !== null && (
        <iframe className={styles.preview} title="The message" sandbox="" srcDoc={html} data-testid="message-preview" />
      )}
      {html === null && shown && <pre className={styles.plain}>{shown.text}</pre>}
    </Section>
  )
}

/** What the server made of the template. */
interface Rendered {
  readonly html: string | null
  readonly text: string
}

function wordsFor(sent: TestSent, to: string): Said {
  if (sent.error) return { tone: 'bad', words: `It did not get to ${to}: ${sent.error}` }
  const answer = sent.receipt ?? 'It is on its way.'
  return { tone: 'good', words: `“${sent.subject ?? ''}” for ${to}. ${answer}` }
}

/** Whose fields fill the message in; nobody's, when nobody is chosen. */
function ContactChoice({ value, onChange }: { value: number | null; onChange: (id: number | null) => void }) {
  const [search, setSearch] = useState('')
  const [q] = useDebouncedValue(search, 250)
  const found = useContacts(q).data?.pages[0]?.items ?? []
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null)
  const data = found.slice(0, 20).map((one) => ({
    value: String(one.id),
    label: one.email ?? one.user_id ?? `Contact ${one.id}`,
  }))
  const listed = chosen && !data.some((one) => one.value === chosen.value) ? [chosen, ...data] : data
  return (
    <Select
      searchable
      clearable
      aria-label="Filled in with the fields of"
      placeholder="Filled in for: somebody we know nothing about"
      nothingFoundMessage="Nobody is found"
      data={listed}
      filter={({ options }) => options}
      value={value === null ? null : String(value)}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(id) => {
        setChosen(listed.find((one) => one.value === id) ?? null)
        onChange(id === null ? null : Number(id))
      }}
    />
  )
}
