import type { ReactNode } from 'react'
import styles from './ui.module.css'

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'accent'

/** A short state in words; the dot repeats the colour, the words carry the meaning. */
export function Pill({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={styles.pill} data-tone={tone}>
      <i aria-hidden />
      {children}
    </span>
  )
}
