/** What went out, or would have: a list on the left, the message as its reader sees it on the right. */
import { Button, CloseButton, Select, Skeleton } from '@mantine/core'
import { useDebouncedValue, useDocumentTitle } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { useContact, useContacts } from '../../api/contacts'
import { useJourneys } from '../../api/journeys'
import { MESSAGES, type MessageFilter, useMessages } from '../../api/messages'
import type { Contact, DeliveryState, Message } from '../../api/types'
import { Icon } from '../../app/icons'
import { Ago } from '../../app/now'
import { live } from '../../live/client'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorState } from '../../ui/ErrorState'
import { LoadMore } from '../../ui/LoadMore'
import { Pill } from '../../ui/Pill'
import { addressOf, nameOf } from '../contacts/names'
import styles from './inbox.module.css'
import { Reader } from './Reader'
import { faceOf, STATES_TO_CHOOSE, subjectOf } from './states'

export default function TestInbox({ id = null }: { id?: number | null }) {
  useDocumentTitle('Test inbox · Sojourn')
  const { filter, change } = useFilter()
  const messages = useMessages(filter)
  const items = messages.data?.pages.flatMap((page) => page.items) ?? []
  useNewMail()

  return (
    <div className={styles.room} data-reading={id !== null || undefined}>
      <section className={styles.column} aria-label="Messages">
        <header className={styles.head}>
          <h1>Test inbox</h1>
          <Filters filter={filter} change={change} />
        </header>
        <div className={styles.list}>
          {messages.isPending ? (
            <Waiting />
          ) : !messages.data ? (
            <ErrorState error={messages.error} onRetry={messages.refetch} />
          ) : items.length === 0 ? (
            <Empty isFiltered={Object.values(filter).some((part) => part !== null)} />
          ) : (
            <ul>
              {items.map((message) => (
                <li key={message.id}>
                  <Row message={message} isOpen={message.id === id} />
                </li>
              ))}
            </ul>
          )}
          <LoadMore pages={messages} what="messages" />
        </div>
      </section>
      <Reader id={id ?? null} />
    </div>
  )
}

/** The filter lives in the address, so that a view can be linked to and survives a reload. */
function useFilter() {
  const search = useSearch()
  const [path, go] = useLocation()
  const params = new URLSearchParams(search)
  const numeric = (name: string) => Number(params.get(name)) || null
  const filter: Required<MessageFilter> = {
    journey: numeric('journey'),
    contact: numeric('contact'),
    state: (params.get('state') as DeliveryState | null) || null,
  }
  function change(part: MessageFilter) {
    const next = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...filter, ...part })) if (value) next.set(name, String(value))
    const text = next.toString()
    go(text ? `${path}?${text}` : path, { replace: true })
  }
  return { filter, change }
}

/** The wire says when a message moved; the list follows, at most once a second. */
function useNewMail() {
  const cache = useQueryClient()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    const stop = live.on('message', () => {
      timer ??= setTimeout(() => {
        timer = null
        void cache.invalidateQueries({ queryKey: MESSAGES })
      }, 1000)
    })
    return () => {
      stop()
      if (timer) clearTimeout(timer)
    }
  }, [cache])
}

function Filters({ filter, change }: ReturnType<typeof useFilter>) {
  const journeys = useJourneys()
  return (
    <div className={styles.filters}>
      <Select
        size="sm"
        aria-label="Journey"
        placeholder="Every journey"
        clearable
        searchable
        allowDeselect
        data={(journeys.data?.items ?? []).map((journey) => ({ value: String(journey.id), label: journey.name }))}
        value={filter.journey ? String(filter.journey) : null}
        onChange={(value) => change({ journey: value ? Number(value) : null })}
      />
      <Select
        size="sm"
        aria-label="State"
        placeholder="Every state"
        clearable
        allowDeselect
        data={STATES_TO_CHOOSE.map((state) => ({ value: state, label: faceOf(state).words }))}
        value={filter.state}
        onChange={(value) => change({ state: value as DeliveryState | null })}
      />
      {filter.contact ? (
        <OnlyPerson id={filter.contact} onClear={() => change({ contact: null })} />
      ) : (
        <PersonPicker onPick={(contact) => change({ contact })} />
      )}
    </div>
  )
}

function PersonPicker({ onPick }: { onPick: (contact: number) => void }) {
  const [q, setQ] = useState('')
  const [asked] = useDebouncedValue(q, 250)
  const { data } = useContacts(asked)
  const found = data?.pages[0]?.items.slice(0, 8) ?? []
  return (
    <Select
      className={styles.person}
      size="sm"
      aria-label="Person"
      placeholder="Everybody: search by name or e-mail"
      searchable
      leftSection={<Icon name="person" size={16} />}
      rightSection={<span />}
      searchValue={q}
      onSearchChange={setQ}
      // The server has searched already, by more than the words shown here.
      filter={({ options }) => options}
      nothingFoundMessage="Nobody like that"
      data={found.map((contact) => ({
        value: String(contact.id),
        label: labelOf(contact),
      }))}
      value={null}
      onChange={(value) => value && onPick(Number(value))}
    />
  )
}

/** Found by name or by address: both are told. */
function labelOf(contact: Contact): string {
  const [name, address] = [nameOf(contact), addressOf(contact)]
  return name === address ? address : `${name} (${address})`
}

function OnlyPerson({ id, onClear }: { id: number; onClear: () => void }) {
  const { data } = useContact(id)
  return (
    <span className={styles.chip}>
      <Icon name="person" size={15} />
      <span>{data?.email ?? data?.user_id ?? `Contact ${id}`}</span>
      <CloseButton size="sm" aria-label="Everybody’s messages" onClick={onClear} />
    </span>
  )
}

function Row({ message, isOpen }: { message: Message; isOpen: boolean }) {
  const search = useSearch()
  const face = faceOf(message.state)
  return (
    <Link
      href={`/inbox/${message.id}${search ? `?${search}` : ''}`}
      className={styles.row}
      aria-current={isOpen ? 'true' : undefined}
    >
      <span className={styles.rowTop}>
        <strong>{message.contact.email ?? message.contact.user_id ?? 'A deleted contact'}</strong>
        <span className={styles.rowTime}>
          <Ago at={message.sent_at ?? message.at} />
        </span>
      </span>
      <span className={styles.rowSubject}>{subjectOf(message)}</span>
      <span className={styles.rowBottom}>
        <span>{message.journey.name}</span>
        {face.tone === 'good' ? null : <Pill tone={face.tone}>{face.words}</Pill>}
      </span>
    </Link>
  )
}

function Empty({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered)
    return (
      <EmptyState icon="search" title="No message like that">
        Look under another journey or another state.
      </EmptyState>
    )
  return (
    <EmptyState
      icon="inbox"
      title="Nothing was sent yet"
      actions={
        <Button component={Link} href="/journeys" variant="default">
          See the journeys
        </Button>
      }
    >
      Messages that journeys send arrive here, exactly as people would see them. Until you set up e-mail in the
      settings, none of them leaves this machine.
    </EmptyState>
  )
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading messages" style={{ padding: 16 }}>
      {[1, 2, 3, 4, 5].map((n) => (
        <Skeleton key={n} height={64} mb={12} radius={10} />
      ))}
    </div>
  )
}
