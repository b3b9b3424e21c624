import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import { Icon } from '../../app/icons'
import styles from './contacts.module.css'

export function AllContacts() {
  return (
    <Anchor component={Link} href="/contacts" className={styles.backLink}>
      <Icon name="arrowLeft" size={16} /> All contacts
    </Anchor>
  )
}
