import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import styles from './ui.module.css'

interface PageProps {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  /** Where one came from, above the title. */
  back?: ReactNode
  isNarrow?: boolean
  children: ReactNode
}

export function Page({ title, lead, actions, back, isNarrow = false, children }: PageProps) {
  useDocumentTitle(`${title} · Sojourn`)
  return (
    <div className={`${styles.page} ${isNarrow ? styles.narrow : ''}`}>
      {back}
      <header className={styles.head}>
        <div>
          <h1>{title}</h1>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

export function Card({
  children,
  isPadded = true,
  label,
}: {
  children: ReactNode
  isPadded?: boolean
  label?: string
}) {
  return (
    <section className={`${styles.card} ${isPadded ? styles.padded : ''}`} aria-label={label}>
      {children}
    </section>
  )
}
