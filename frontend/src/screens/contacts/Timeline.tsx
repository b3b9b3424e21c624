import { Skeleton } from '@mantine/core'
import { Link } from 'wouter'
import { useTimeline } from '../../api/contacts'
import type { TimelineItem } from '../../api/types'
import { Icon, type IconName } from '../../app/icons'
import { useZone } from '../../app/now'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorState } from '../../ui/ErrorState'
import { day, timeOfDay, value, words } from '../../ui/format'
import { LoadMore } from '../../ui/LoadMore'
import { Card } from '../../ui/Page'
import styles from './contacts.module.css'

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
          <Detail detail={item.detail} />
        </div>
        <time dateTime={item.at} className={styles.itemTime}>
          {timeOfDay(item.at, zone)}
        </time>
      </li>
    </>
  )
}

function Detail({ detail }: { detail: unknown }) {
  if (detail === null || detail === undefined || detail === '') return null
  if (typeof detail !== 'object') return <p className={styles.small}>{String(detail)}</p>
  const entries = Object.entries(detail).filter(([, v]) => v !== null && v !== '')
  if (entries.length === 0) return null
  return (
    <p className={styles.small}>
      {entries.slice(0, 6).map(([name, v], index) => (
        <span key={name}>
          {index > 0 && ' · '}
          {words(name)}: <span className="tabular">{value(v)}</span>
        </span>
      ))}
    </p>
  )
}
