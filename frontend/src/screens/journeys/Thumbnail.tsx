/** A journey drawn small: its steps where they lie on the canvas, as tinted slips joined by lines. */
import type { Thumbnail as Drawing } from '../../api/types'
import { fitted } from './fitted'
import styles from './journeys.module.css'

const WIDTH = 320
const HEIGHT = 150

export function Thumbnail({ drawing }: { drawing: Drawing }) {
  const { slips, scale } = fitted(drawing, WIDTH, HEIGHT)
  const w = 52 * scale
  const h = 17 * scale
  return (
    <svg
      className={styles.thumbnail}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden
      preserveAspectRatio="xMidYMid meet"
    >
      {drawing.edges.map(([from, to]) => {
        const a = slips[from]
        const b = slips[to]
        if (!a || !b) return null
        const bend = (b.y - a.y) / 2
        return (
          <path
            key={`${from}-${to}`}
            d={`M${a.x} ${a.y + h / 2} C ${a.x} ${a.y + bend} ${b.x} ${b.y - bend} ${b.x} ${b.y - h / 2}`}
            className={styles.thread}
          />
        )
      })}
      {slips.map(({ x, y, family }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a slip is its place in the drawing, it has no other name
        <g key={index} transform={`translate(${x - w / 2} ${y - h / 2})`}>
          <rect width={w} height={h} rx={4 * scale} className={styles.slip} />
          <rect width={4 * scale} height={h} rx={1.6 * scale} fill={`var(--family-${family})`} />
          <circle cx={11.5 * scale} cy={h / 2} r={3 * scale} fill={`var(--family-${family})`} opacity={0.75} />
          <rect
            x={18 * scale}
            y={h / 2 - 1.4 * scale}
            width={26 * scale}
            height={2.8 * scale}
            rx={1.4 * scale}
            className={styles.words}
          />
        </g>
      ))}
    </svg>
  )
}
