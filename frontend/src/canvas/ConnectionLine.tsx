import type { ConnectionLineComponentProps } from '@xyflow/react'
import { roundedPath, route } from '../journey/route'
import styles from './Canvas.module.css'
import type { Card } from './mapping'

/** The line in the hand, before it is let go. */
export function ConnectionLine({ fromX, fromY, toX, toY, connectionStatus }: ConnectionLineComponentProps<Card>) {
  // The library starts in the middle of the handle, the eye at the card's edge.
  const from = { x: fromX, y: fromY + 8 }
  const to = { x: toX, y: toY }
  const path = toY - from.y > 40 ? roundedPath(route(from, to, [])) : `M ${from.x} ${from.y} L ${toX} ${toY}`
  return (
    <g>
      <path d={path} className={styles.connecting} strokeDasharray={connectionStatus === 'valid' ? undefined : '6 5'} />
      <circle cx={toX} cy={toY} r={4} className={styles.connecting} />
    </g>
  )
}
