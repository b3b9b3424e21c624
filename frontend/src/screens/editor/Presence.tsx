import { Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useSession } from '../../api/session'
import { live } from '../../live/client'
import { usePlace } from './context'
import styles from './editor.module.css'

interface Someone {
  readonly id: number
  readonly name: string
  readonly email: string
}

/** Who else has this journey open. */
export function Presence() {
  const { journey } = usePlace()
  const me = useSession().data?.user?.id
  const [users, setUsers] = useState<readonly Someone[]>([])
  useEffect(
    () =>
      live.on('presence', (heard) => {
        if (heard.journey === journey.id) setUsers(heard.users)
      }),
    [journey.id],
  )
  const others = users.filter((user) => user.id !== me)
  if (others.length === 0) return null
  return (
    <span className={styles.faces}>
      {others.slice(0, 4).map((user) => (
        <Tooltip key={user.id} label={`${user.name || user.email} has this journey open`}>
          <span className={styles.face} role="img" aria-label={`${user.name || user.email} is here too`}>
            {(user.name || user.email).slice(0, 1).toUpperCase()}
          </span>
        </Tooltip>
      ))}
    </span>
  )
}
