import { Button, Stack } from '@mantine/core'
import { Icon } from '../../../app/icons'
import { duplicate } from '../../../journey/commands/clipboard'
import { remove } from '../../../journey/commands/remove'
import { tidyUp } from '../../../journey/commands/tidyUp'
import { kinds } from '../../../kinds/registry'
import { useEditorState, usePlace } from '../context'
import { Head } from './Head'
import styles from './panel.module.css'

export function SeveralPanel() {
  const { store } = usePlace()
  const selected = useEditorState((editor) => editor.view.selected)
  const { act } = store.getState()
  const tidy = () => act((doc) => tidyUp(doc, selected, kinds))
  return (
    <>
      <Head icon="copy" kind="Selected">
        <div className={styles.title}>{selected.size} steps</div>
      </Head>
      <div className={styles.body}>
        <Stack gap="xs" align="stretch">
          <Button variant="default" leftSection={<Icon name="tidy" size={16} />} onClick={tidy}>
            Tidy up these
          </Button>
          <Button
            variant="default"
            leftSection={<Icon name="copy" size={16} />}
            onClick={() => act((doc) => duplicate(doc, selected, kinds))}
          >
            Duplicate
          </Button>
          <Button
            variant="subtle"
            color="var(--bad)"
            leftSection={<Icon name="trash" size={16} />}
            onClick={() => act((doc) => remove(doc, selected, kinds))}
          >
            Delete {selected.size} steps
          </Button>
        </Stack>
        <p className={styles.help}>Copy them with Ctrl C and paste them here or in another journey with Ctrl V.</p>
      </div>
    </>
  )
}
