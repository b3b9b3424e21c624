import type { Deliveries } from '../../../api/types'
import { number } from '../../../ui/format'
import { reasonWords, STATES } from './deliveries'
import styles from './panel.module.css'

interface Props {
  readonly title: string
  readonly node: string
  readonly deliveries: Deliveries
}

/** One sending step: how many were sent, and of the others, why not. */
export function DeliveryCard({ title, node, deliveries }: Props) {
  const counts = deliveries.nodes[node] ?? {}
  const shown = STATES.filter(({ key }) => (counts[key] ?? 0) > 0)
  const reasons = deliveries.reasons.filter((one) => one.node === node && one.n > 0)
  return (
    <div className={styles.delivery} data-testid={`deliveries-${node}`}>
      <h4>{title}</h4>
      {shown.length === 0 && <span className="muted">Nothing sent yet</span>}
      <ul className={`${styles.states} tabular`}>
        {shown.map(({ key, words, tone }) => (
          <li key={key} data-tone={tone}>
            <b>{number(counts[key] ?? 0)}</b> {words}
          </li>
        ))}
      </ul>
      {reasons.length > 0 && (
        <ul className={styles.reasons}>
          {reasons.map((one) => (
            <li key={`${one.state}:${one.reason}`}>
              {number(one.n)} {one.state}: {reasonWords(one.reason)}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
