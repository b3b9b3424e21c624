import { Note } from '../../ui/Note'
import styles from '../kinds.module.css'

export function ExitForm() {
  return (
    <div className={styles.form}>
      <Note>
        People who arrive here have completed the journey. Whether they may enter again is one of its settings.
      </Note>
    </div>
  )
}
