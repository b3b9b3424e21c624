import { Link } from 'wouter'
import type { Whereabouts } from '../../api/types'
import { Icon } from '../../app/icons'
import { Moment } from '../../app/now'
import { Card } from '../../ui/Page'
import styles from './contacts.module.css'

/** The journeys they are in, at which step, and until when. */
export function WhereCard({ now }: { now: Whereabouts[] }) {
  return (
    <Card label="Where they are now">
      <div className={styles.cardHead}>
        <h2>Where they are now</h2>
      </div>
      {now.length === 0 ? (
        <p className={styles.small}>In no journey at the moment.</p>
      ) : (
        <ul className={styles.places}>
          {now.map((place) => (
            <Place key={`${place.journey.id} ${place.passage}`} place={place} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function Place({ place }: { place: Whereabouts }) {
  return (
    <li className={styles.place}>
      <span className={styles.itemMark} data-family="wait">
        <Icon name="clock" size={16} />
      </span>
      <div>
        <p>
          Waiting at ‘{place.title}’ in <Link href={`/journeys/${place.journey.id}`}>{place.journey.name}</Link>
        </p>
        <p className={styles.small}>
          since <Moment at={place.since} />
        </p>
        <p className={styles.small}>
          {place.due_at ? (
            <>
              until <Moment at={place.due_at} />
            </>
          ) : (
            'until something happens'
          )}
        </p>
        {place.passage > 1 && <p className={styles.small}>passage {place.passage} through this journey</p>}
      </div>
    </li>
  )
}
