import { Skeleton } from '@mantine/core'
import { Link } from 'wouter'
import { useTimeline } from '../../api/contacts'
import type { DeliveryState, TimelineItem } from '../../api/types'
import { Icon, type IconName } from '../../app/icons'
import { useZone } from '../../app/now'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorState } from '../../ui/ErrorState'
import { day, timeOfDay, value, words } from '../../ui/format'
import { LoadMore } from '../../ui/LoadMore'
import { Card } from '../../ui/Page'
import { Pill } from '../../ui/Pill'
import { explain, faceOf } from '../inbox/states'
import styles from './contacts.module.css'
import { CONSENT_SOURCES } from './names'

const PROPERTIES_SHOWN = 6

const FACES: Record<TimelineItem['kind'], { icon: IconName; family: string; words: string }> = {
  event: { icon: 'bolt', family: 'trigger', words: 'Event' },
  step: { icon: 'journeys', family: 'branch', words: 'Step' },
  message: { icon: 'mail', family: 'send', words: 'Message' },
  consent: { icon: 'hand', family: 'people', words: 'Consent' },
}

export function Timeline({ contact }: { contact: number }) {
  const timeline = useTimeline(contact)
  const zone = useZone()
  const items = timeline.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Card label="Everything that happened">
      <div className={styles.cardHead}>
        <h2>Everything that happened</h2>
        <span className={styles.small}>newest first, in {zone}</span>
      </div>
      {timeline.isPending ? (
        <Skeleton height={240} radius={10} />
      ) : !timeline.data ? (
        <ErrorState error={timeline.error} onRetry={timeline.refetch} />
      ) : items.length === 0 ? (
        <EmptyState icon="clock" title="Nothing yet">
          Events this person does, the steps they take through journeys and the messages they get will be listed here.
        </EmptyState>
      ) : (
        <ol className={styles.timeline}>
          {items.map((item, index) => (
            <Item
              // biome-ignore lint/suspicious/noArrayIndexKey: two things may happen at one moment, in this order
              key={`${item.at} ${index}`}
              item={item}
              zone={zone}
              isNewDay={index === 0 || day(items[index - 1]?.at ?? item.at, zone) !== day(item.at, zone)}
            />
          ))}
        </ol>
      )}
      <LoadMore pages={timeline} what="of the past" />
    </Card>
  )
}

function Item({ item, zone, isNewDay }: { item: TimelineItem; zone: string; isNewDay: boolean }) {
  const face = FACES[item.kind]
  return (
    <>
      {isNewDay && <li className={styles.day}>{day(item.at, zone)}</li>}
      <li className={styles.item}>
        <span
          className={styles.itemMark}
          style={{ color: `var(--family-${face.family}-ink)`, background: `var(--family-${face.family}-soft)` }}
        >
          <Icon name={face.icon} size={16} label={face.words} />
        </span>
        <div className={styles.itemText}>
          <p>{item.title}</p>
          {item.journey && (
            <p className={styles.small}>
              <Link href={`/journeys/${item.journey.id}`}>{item.journey.name}</Link>
            </p>
          )}
          <Detail item={item} />
        </div>
        <time dateTime={item.at} className={styles.itemTime}>
          {timeOfDay(item.at, zone)}
        </time>
      </li>
    </>
  )
}

function Detail({ item }: { item: TimelineItem }) {
  const detail = item.detail
  if (detail === null || detail === undefined || detail === '') return null
  if (typeof detail !== 'object') return <p className={styles.small}>{String(detail)}</p>
  const known = detail as Record<string, unknown>
  if (item.kind === 'message') return <Fate detail={known} />
  if (item.kind === 'step') return <p className={styles.small}>{wayWords(String(known.left_by))}</p>
  if (item.kind === 'consent') return <p className={styles.small}>{sourceWords(known.source)}</p>
  const entries = Object.entries(known).filter(([, v]) => v !== null && v !== '')
  if (entries.length === 0) return null
  return (
    <p className={styles.small}>
      {entries.slice(0, PROPERTIES_SHOWN).map(([name, v], index) => (
        <span key={name}>
          {index > 0 && ' · '}
          {words(name)}: <span className="tabular">{value(v)}</span>
        </span>
      ))}
    </p>
  )
}

const WAYS: Record<string, string> = {
  happened: 'It happened',
  timeout: 'It did not happen in time',
  else: 'None of the conditions held',
}

function wayWords(port: string): string {
  return WAYS[port] ?? `Went on by “${words(port)}”`
}

function sourceWords(source: unknown): string {
  const name = String(source ?? '')
  return CONSENT_SOURCES[name] ?? name
}

/** What became of a message, and the way to read it. */
function Fate({ detail }: { detail: Record<string, unknown> }) {
  const state = detail.state as DeliveryState
  const face = faceOf(state)
  const reason = typeof detail.reason === 'string' ? detail.reason : null
  const why = explain({ state, reason, error: reason })
  return (
    <div className={styles.fate}>
      <Pill tone={face.tone}>{face.words}</Pill>
      <Link href={`/inbox/${detail.message}`}>Read it</Link>
      {why && <p>{why}</p>}
    </div>
  )
}
