import { Button } from '@mantine/core'
import { Icon } from '../app/icons'
import styles from './ui.module.css'

interface ErrorStateProps {
  error: unknown
  onRetry?: () => unknown
  title?: string
}

/** What happened, and the way on. For a whole room or card that could not be shown. */
export function ErrorState({ error, onRetry, title = 'This could not be loaded' }: ErrorStateProps) {
  return (
    <div className={styles.empty} role="alert">
      <span className={styles.emptyMark} style={{ background: 'var(--bad-soft)', color: 'var(--bad)' }}>
        <Icon name="warning" size={28} />
      </span>
      <h2>{title}</h2>
      <p>{error instanceof Error ? error.message : 'Something unexpected happened.'}</p>
      {onRetry && (
        <div className={styles.emptyActions}>
          <Button variant="default" leftSection={<Icon name="restart" size={16} />} onClick={() => onRetry()}>
            Try again
          </Button>
        </div>
      )}
    </div>
  )
}
