import { Kbd, Modal } from '@mantine/core'
import styles from './KeysDialog.module.css'
import { KEY_HELP } from './keyboard'

export function KeysDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={<strong>Keys</strong>} size="lg">
      <div className={styles.columns}>
        {KEY_HELP.map((group) => (
          <section key={group.title}>
            <h3 className={styles.title}>{group.title}</h3>
            <dl className={styles.list}>
              {group.keys.map((help) => (
                <div key={help.words} className={styles.row}>
                  <dt>{help.words}</dt>
                  <dd>
                    {help.keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
