import type { ReactNode } from 'react'
import { Icon, type IconName } from '../../../app/icons'
import { familyColors } from '../../../app/theme'
import type { Family } from '../../../journey/kind'
import styles from './panel.module.css'

interface Props {
  readonly icon: IconName
  readonly family?: Family
  readonly kind: string
  readonly children: ReactNode
}

export function Head({ icon, family = 'end', kind, children }: Props) {
  const { soft, ink } = familyColors(family)
  return (
    <div className={styles.head}>
      <span className={styles.tile} style={{ background: soft, color: ink }}>
        <Icon name={icon} size={20} />
      </span>
      <div className={styles.titles}>
        <div className={styles.kind}>{kind}</div>
        {children}
      </div>
    </div>
  )
}
