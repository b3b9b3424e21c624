import type { ReactNode } from 'react'
import { Icon, type IconName } from '../app/icons'
import styles from './ui.module.css'

interface EmptyStateProps {
  icon: IconName
  /** Drawn instead of the icon. */
  picture?: ReactNode
  title: string
  /** What will be here, and how it comes to be. */
  children: ReactNode
  actions?: ReactNode
}

export function EmptyState({ icon, picture, title, children, actions }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      {picture ?? (
        <span className={styles.emptyMark}>
          <Icon name={icon} size={28} />
        </span>
      )}
      <h2>{title}</h2>
      <p>{children}</p>
      {actions && <div className={styles.emptyActions}>{actions}</div>}
    </div>
  )
}
