import type { ReactNode } from 'react'
import styles from './kinds.module.css'

interface Props {
  readonly title: string
  readonly hint?: string
  readonly children: ReactNode
}

/** A part of a form under its own words. */
export function Section({ title, hint, children }: Props) {
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>{title}</h3>
      {hint && <p className={styles.hint}>{hint}</p>}
      {children}
    </section>
  )
}
