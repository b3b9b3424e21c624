import { Loader } from '@mantine/core'
import styles from './ui.module.css'

/** Shows itself only when the wait is long enough to be noticed. */
export function Loading({
  fills = 'inline',
  what = 'Loading',
}: {
  fills?: 'window' | 'room' | 'inline'
  what?: string
}) {
  return (
    <div className={`${styles.wait} ${styles[fills]}`} role="status">
      <Loader size="sm" type="dots" color="var(--muted)" />
      <span className="visually-hidden">{what}…</span>
    </div>
  )
}
