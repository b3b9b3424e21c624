import type { ReactNode } from 'react'
import { Icon, type IconName } from '../app/icons'
import type { Tone } from './Pill'
import styles from './ui.module.css'

const ICON: Record<Tone, IconName> = { plain: 'info', good: 'check', warn: 'warning', bad: 'warning', accent: 'info' }

/** A remark inside a page; bad news is announced. */
export function Note({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <div className={styles.note} data-tone={tone} role={tone === 'bad' ? 'alert' : 'note'}>
      <Icon name={ICON[tone]} size={19} />
      <div className={styles.noteText}>{children}</div>
    </div>
  )
}
