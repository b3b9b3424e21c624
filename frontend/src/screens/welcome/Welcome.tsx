/** The first impression: a calm field with a path winding through it, and one card. */
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Mark } from '../../ui/Mark'
import styles from './welcome.module.css'

interface WelcomeProps {
  title: string
  lead: ReactNode
  children: ReactNode
}

export function Welcome({ title, lead, children }: WelcomeProps) {
  useDocumentTitle(`${title} · Sojourn`)
  return (
    <div className={styles.field}>
      <Path />
      <main className={styles.card}>
        <div className={styles.brand}>
          <Mark size={40} />
          <span>Sojourn</span>
        </div>
        <h1>{title}</h1>
        <p className={styles.lead}>{lead}</p>
        {children}
      </main>
    </div>
  )
}

const STOPS = [
  { x: 176, y: 196, family: 'trigger' },
  { x: 300, y: 420, family: 'wait' },
  { x: 118, y: 640, family: 'branch' },
  { x: 1146, y: 168, family: 'send' },
  { x: 1286, y: 420, family: 'action' },
  { x: 1096, y: 690, family: 'end' },
]

function Path() {
  return (
    <svg className={styles.path} viewBox="0 0 1440 860" preserveAspectRatio="xMidYMid slice" aria-hidden>
      <path
        d="M-40 96 C 90 96 176 120 176 196 S 300 300 300 420 S 118 520 118 640 S 330 800 720 800 S 1096 780 1096 690 S 1286 540 1286 420 S 1146 280 1146 168 S 1300 30 1490 30"
        className={styles.trail}
      />
      {STOPS.map(({ x, y, family }) => (
        <g key={family} style={{ color: `var(--family-${family})` }}>
          <circle cx={x} cy={y} r={20} className={styles.halo} />
          <circle cx={x} cy={y} r={7} fill="currentColor" />
        </g>
      ))}
    </svg>
  )
}
