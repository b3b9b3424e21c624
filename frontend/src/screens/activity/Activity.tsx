/** What comes in: the latest events, which names there are, what was refused and why, and how to send some. */
import { Button, Tabs } from '@mantine/core'
import { useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { useEventNames, useEvents, useRejected } from '../../api/events'
import type { EventName, EventRow, RejectedCall } from '../../api/types'
import { Icon } from '../../app/icons'
import { Ago, Moment, WallAgo } from '../../app/now'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorState } from '../../ui/ErrorState'
import { count, number, shortNumber, value, words } from '../../ui/format'
import { Loading } from '../../ui/Loading'
import { LoadMore } from '../../ui/LoadMore'
import { Card, Page } from '../../ui/Page'
import ui from '../../ui/ui.module.css'
import { addressOf } from '../contacts/names'
import styles from './activity.module.css'
import { HowToSend } from './HowToSend'

export default function Activity() {
  const [path, go] = useLocation()
  const tab = new URLSearchParams(useSearch()).get('show') ?? 'events'
  const refused = useRejected()
  const refusedCount = refused.data?.pages.reduce((sum, page) => sum + page.items.length, 0) ?? 0
  const more = refused.hasNextPage ? '+' : ''
  return (
    <Page title="Activity" lead="What people do arrives here as events. They start journeys and move people on.">
      <Tabs
        value={tab}
        onChange={(next) => go(next === 'events' ? path : `${path}?show=${next}`, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="lg">
          <Tabs.Tab value="events">Events</Tabs.Tab>
          <Tabs.Tab value="rejected">Refused{refusedCount > 0 && ` (${number(refusedCount)}${more})`}</Tabs.Tab>
          <Tabs.Tab value="send">How to send events</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="events">
          <Events />
        </Tabs.Panel>
        <Tabs.Panel value="rejected">
          <Rejected />
        </Tabs.Panel>
        <Tabs.Panel value="send">
          <HowToSend />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function Events() {
  const [name, setName] = useState<string | null>(null)
  const names = useEventNames()
  const events = useEvents(name)
  const items = events.data?.pages.flatMap((page) => page.items) ?? []
  if (names.data?.items.length === 0)
    return (
      <Card>
        <NoEvents />
      </Card>
    )
  return (
    <div className={styles.columns}>
      <Names names={names.data?.items ?? []} chosen={name} onChoose={setName} />
      <Card isPadded={false} label="Latest events">
        {events.isPending ? (
          <Loading what="Loading events" />
        ) : !events.data ? (
          <ErrorState error={events.error} onRetry={events.refetch} />
        ) : items.length === 0 ? (
          <EmptyState icon="activity" title="None of these yet">
            They appear here within seconds of arriving.
          </EmptyState>
        ) : (
          <ul className={styles.events}>
            {items.map((event) => (
              <Event key={event.id} event={event} />
            ))}
          </ul>
        )}
        <LoadMore pages={events} what="events" />
      </Card>
    </div>
  )
}

interface NamesProps {
  names: EventName[]
  chosen: string | null
  onChoose: (name: string | null) => void
}

function Names({ names, chosen, onChoose }: NamesProps) {
  const total = names.reduce((sum, { n }) => sum + n, 0)
  return (
    <nav aria-label="Event names" className={styles.names}>
      <button type="button" aria-pressed={chosen === null} onClick={() => onChoose(null)}>
        <span>All events</span>
        <span className="tabular">{shortNumber(total)}</span>
      </button>
      {names.map(({ name, n, properties }) => (
        <button
          key={name}
          type="button"
          aria-pressed={chosen === name}
          title={properties.length > 0 ? `Properties: ${properties.join(', ')}` : undefined}
          onClick={() => onChoose(name)}
        >
          <span>{eventWords(name)}</span>
          <span className="tabular" title={number(n)}>
            {shortNumber(n)}
          </span>
        </button>
      ))}
    </nav>
  )
}

/** Our own events begin with a dollar sign; people read what they mean. */
function eventWords(name: string): string {
  return name === '$changed' ? 'Contact changed' : name.startsWith('$') ? words(name.slice(1)) : name
}

function Event({ event }: { event: EventRow }) {
  const properties = Object.entries(event.properties ?? {})
  return (
    <li className={styles.event}>
      <span className={styles.mark}>
        <Icon name="bolt" size={16} />
      </span>
      <div className={styles.what}>
        <p>
          <strong>{eventWords(event.name)}</strong>
          <span className="muted"> by </span>
          {event.contact ? (
            <Link href={`/contacts/${event.contact.id}`}>{addressOf(event.contact)}</Link>
          ) : (
            <span className="muted">somebody who was deleted</span>
          )}
        </p>
        {properties.length > 0 && (
          <p className={styles.properties}>
            {properties.slice(0, 5).map(([name, v]) => (
              <span key={name}>
                {name} <b>{value(v)}</b>
              </span>
            ))}
            {properties.length > 5 && <span>and {count(properties.length - 5, 'more', 'more')}</span>}
          </p>
        )}
      </div>
      <span className={styles.when}>
        <Ago at={event.at} />
      </span>
    </li>
  )
}

function NoEvents() {
  return (
    <EmptyState
      icon="activity"
      title="No event has come in yet"
      actions={
        <Button component={Link} href="/activity?show=send">
          How to send events
        </Button>
      }
    >
      Your site or shop tells Sojourn what people do, with any Segment library: someone signed up, looked at something,
      bought something. Each event can start a journey or move people on in it.
    </EmptyState>
  )
}

function Rejected() {
  const rejected = useRejected()
  const items = rejected.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Card isPadded={false} label="Refused calls">
      {rejected.isPending ? (
        <Loading what="Loading refused calls" />
      ) : !rejected.data ? (
        <ErrorState error={rejected.error} onRetry={rejected.refetch} />
      ) : items.length === 0 ? (
        <EmptyState icon="check" title="Nothing was refused">
          When a call does not say who it is about, or carries something that can’t be stored, it is kept here with the
          reason. The rest of its batch is stored all the same.
        </EmptyState>
      ) : (
        <div className={ui.scroll}>
          <table className={ui.table}>
            <thead>
              <tr>
                <th>When</th>
                <th>Where</th>
                <th>Why</th>
                <th>What was sent</th>
              </tr>
            </thead>
            <tbody>
              {items.map((call, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: refused calls have no name, only their place in the list
                <Refused key={`${call.at} ${index}`} call={call} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <LoadMore pages={rejected} what="refused calls" />
    </Card>
  )
}

function Refused({ call }: { call: RejectedCall }) {
  return (
    <tr>
      <td className={styles.nowrap}>
        <WallAgo at={call.at} />
      </td>
      <td>{call.field ? <code>{call.field}</code> : <span className="muted">—</span>}</td>
      <td>{call.reason}</td>
      <td>
        <details className={styles.payload}>
          <summary>{call.payload.slice(0, 60)}</summary>
          <pre>{call.payload}</pre>
          <p className="muted">
            Received <Moment at={call.at} />
          </p>
        </details>
      </td>
    </tr>
  )
}
