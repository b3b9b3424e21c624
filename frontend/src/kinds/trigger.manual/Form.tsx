import { Note } from '../../ui/Note'
import styles from '../kinds.module.css'

export function TriggerManualForm() {
  return (
    <div className={styles.form}>
      <Note>
        Nobody enters by themselves. Once the journey is live, “Enroll people” at the top puts in the people you choose.
      </Note>
    </div>
  )
}
