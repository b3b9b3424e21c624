import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api, reasonOf } from '../../api/client'
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

/** "Send me a test": the draft's message, rendered by the server and sent through the real channel. */
export function SendTest({ journey, node, body, save }: Props) {
  const mine = useSession().data?.user?.email ?? ''
  const [to, setTo] = useState<string | null>(null)
  const [said, setSaid] = useState<Said | null>(null)
  const [isBusy, setBusy] = useState(false)
  const address = to ?? mine

  const send = async () => {
    setBusy(true)
    setSaid(null)
    try {
      await save()
      const sent = await api.post<TestSent>(`/api/journeys/${journey}/nodes/${node}/test`, {
        to: address,
        contact: null,
      })
      setSaid(wordsFor(sent, address))
    } catch (error) {
      setSaid({ tone: 'bad', words: reasonOf(error) })
    } finally {
      setBusy(false)
    }
  }

  return (
    <Section title="See it">
      {formatOf(body) === 'HTML' && (
        <iframe className={styles.preview} title="The message as written" sandbox="" srcDoc={body} />
      )}
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
    </Section>
  )
}

function wordsFor(sent: TestSent, to: string): Said {
  if (sent.error) return { tone: 'bad', words: `It could not be sent: ${sent.error}` }
  const answer = sent.receipt ? ` The server said: ${sent.receipt}` : ''
  return { tone: 'good', words: `“${sent.subject ?? ''}” went to ${to}.${answer}` }
}
