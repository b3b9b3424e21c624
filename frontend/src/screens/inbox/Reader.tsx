/** One message: who, when, what became of it, and the letter itself in a frame that can run nothing. */
import { ActionIcon, Button, Group, SegmentedControl, Tabs } from '@mantine/core'
import { useState } from 'react'
import { Link, useSearch } from 'wouter'
import { useMessage, useResolve } from '../../api/messages'
import type { MessageFull } from '../../api/types'
import { Icon } from '../../app/icons'
import { Moment } from '../../app/now'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorState } from '../../ui/ErrorState'
import { Loading } from '../../ui/Loading'
import { Note } from '../../ui/Note'
import { done, failed } from '../../ui/notify'
import { Pill } from '../../ui/Pill'
import styles from './inbox.module.css'
import { explain, faceOf, subjectOf } from './states'

export function Reader({ id }: { id: number | null }) {
  const message = useMessage(id)
  return (
    <section className={styles.reader} aria-label="Message">
      {id === null ? (
        <EmptyState icon="mail" title="Choose a message">
          It opens here as its reader sees it, with its text part and headers.
        </EmptyState>
      ) : message.isPending ? (
        <Loading fills="room" what="Loading the message" />
      ) : message.data ? (
        <Letter key={id} message={message.data} />
      ) : (
        <ErrorState error={message.error} onRetry={message.refetch} />
      )}
    </section>
  )
}

function Letter({ message }: { message: MessageFull }) {
  const search = useSearch()
  const face = faceOf(message.state)
  const why = explain(message)
  const isOpenQuestion = message.state === 'unknown' || message.state === 'failed'
  return (
    <article className={styles.letter}>
      <header className={styles.letterHead}>
        <Group gap={10} wrap="nowrap" align="flex-start">
          <ActionIcon
            className={styles.back}
            component={Link}
            href={`/inbox${search ? `?${search}` : ''}`}
            variant="subtle"
            color="gray"
            size={34}
            aria-label="Back to the list"
          >
            <Icon name="arrowLeft" />
          </ActionIcon>
          <h2>{subjectOf(message)}</h2>
        </Group>
        <dl className={styles.facts}>
          <dt>To</dt>
          <dd>
            <Addressee message={message} />
          </dd>
          <dt>From</dt>
          <dd>
            <Link href={`/journeys/${message.journey.id}`}>{message.journey.name}</Link>, step “{message.node}”
          </dd>
          <dt>{message.sent_at ? 'Sent' : 'Made'}</dt>
          <dd>
            <Moment at={message.sent_at ?? message.at} />
          </dd>
        </dl>
        <Group gap={8}>
          <Pill tone={face.tone}>{face.words}</Pill>
          {message.purpose === 'transactional' && <Pill>Transactional</Pill>}
          {message.opened_at && <Pill tone="accent">Opened</Pill>}
          {message.clicked_at && <Pill tone="accent">Clicked</Pill>}
        </Group>
        {why && <Note tone={face.tone === 'good' ? 'plain' : face.tone}>{why}</Note>}
        {isOpenQuestion && <Decision message={message} />}
      </header>
      <Parts message={message} />
    </article>
  )
}

/** A contact that was deleted has no name and no page any more; the address it went to is kept. */
function Addressee({ message }: { message: MessageFull }) {
  const { id, email, user_id } = message.contact
  const known = email ?? user_id
  if (!known) return <>{message.address ?? 'a deleted contact'}</>
  return <Link href={`/contacts/${id}`}>{message.address ?? known}</Link>
}

function Decision({ message }: { message: MessageFull }) {
  const resolve = useResolve()
  const [busy, setBusy] = useState<'resend' | 'sent' | null>(null)
  async function decide(as: 'resend' | 'sent') {
    setBusy(as)
    try {
      await resolve(message.id, as)
      done(as === 'resend' ? 'It will go out again in a moment' : 'Taken as sent')
    } catch (error) {
      failed(error, 'Nothing was changed')
    } finally {
      setBusy(null)
    }
  }
  return (
    <Group gap="sm">
      <Button
        size="sm"
        leftSection={<Icon name="send" size={16} />}
        loading={busy === 'resend'}
        disabled={busy === 'sent'}
        onClick={() => decide('resend')}
      >
        Send again
      </Button>
      <Button
        size="sm"
        variant="default"
        leftSection={<Icon name="check" size={16} />}
        loading={busy === 'sent'}
        disabled={busy === 'resend'}
        onClick={() => decide('sent')}
      >
        Treat as sent
      </Button>
    </Group>
  )
}

function Parts({ message }: { message: MessageFull }) {
  const [width, setWidth] = useState<'desktop' | 'phone'>('desktop')
  const headers = Object.entries(message.headers ?? {})
  if (!message.html && !message.text) return null
  return (
    <Tabs defaultValue={message.html ? 'letter' : 'text'} keepMounted={false} className={styles.parts}>
      <div className={styles.partsHead}>
        <Tabs.List>
          {message.html && <Tabs.Tab value="letter">Message</Tabs.Tab>}
          <Tabs.Tab value="text">Text part</Tabs.Tab>
          <Tabs.Tab value="headers">Headers</Tabs.Tab>
        </Tabs.List>
        {message.html && (
          <SegmentedControl
            size="xs"
            aria-label="Width"
            value={width}
            onChange={(value) => setWidth(value as 'desktop' | 'phone')}
            data={[
              { value: 'desktop', label: 'Desktop' },
              { value: 'phone', label: 'Phone' },
            ]}
          />
        )}
      </div>
      <Tabs.Panel value="letter" className={styles.panel}>
        <div className={styles.sheet} data-width={width}>
          {/* No script, no forms, no top navigation: a message can only be looked at. */}
          <iframe title="The message as its reader sees it" sandbox="" srcDoc={message.html ?? ''} />
        </div>
      </Tabs.Panel>
      <Tabs.Panel value="text" className={styles.panel}>
        <pre className={styles.text}>{message.text || 'This message has no text part.'}</pre>
      </Tabs.Panel>
      <Tabs.Panel value="headers" className={styles.panel}>
        <dl className={styles.headers}>
          {headers.map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
          {message.receipt && (
            <div>
              <dt>Server’s answer</dt>
              <dd>{message.receipt}</dd>
            </div>
          )}
        </dl>
        {headers.length === 0 && !message.receipt && <p className="muted">No headers were kept.</p>}
      </Tabs.Panel>
    </Tabs>
  )
}
