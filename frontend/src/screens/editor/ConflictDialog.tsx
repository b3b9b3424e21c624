import { Button, Group, Modal, Stack } from '@mantine/core'
import { useLocation } from 'wouter'
import { useJourneyActions } from '../../api/journeys'
import { differences } from '../../journey/differences'
import type { JourneyDocument } from '../../journey/document'
import { kinds } from '../../kinds/registry'
import { failed } from '../../ui/notify'
import { useEditorState, usePlace } from './context'
import styles from './editor.module.css'
import { useSaveState } from './useEditorSession'

/** Two people changed the same journey: both are shown, and neither is lost. */
export function ConflictDialog() {
  const { autosave, store, check } = usePlace()
  const state = useSaveState(autosave)
  const mine = useEditorState((editor) => editor.history.doc)
  const { create } = useJourneyActions()
  const [, go] = useLocation()
  if (state.kind !== 'conflict') return null
  const { doc: theirs } = state.theirs

  const takeTheirs = () => {
    // In this order: replacing is a change of the document to those who listen, and taking theirs ends the conflict saved.
    store.getState().replace(theirs)
    autosave.takeTheirs()
    void check()
  }
  const duplicateMine = async () => {
    try {
      const copy = await create({ ...mine, name: `${mine.name} (my changes)` } as never)
      takeTheirs()
      go(`/journeys/${copy.id}`)
    } catch (error) {
      failed(error, 'Your version could not be duplicated')
    }
  }

  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      size={620}
      title={<strong>Somebody else changed this journey</strong>}
    >
      <Stack gap="md" data-testid="conflict">
        <p>Nothing is lost: your version is on this screen, theirs is on the server. Choose which one goes on here.</p>
        <div className={styles.sides}>
          <Side title="Yours" doc={mine} against={theirs} />
          <Side title="Theirs" doc={theirs} against={mine} />
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => void duplicateMine()}>
            Save mine as a copy
          </Button>
          <Button variant="default" onClick={takeTheirs}>
            Take theirs
          </Button>
          <Button onClick={() => autosave.keepMine()}>Keep mine</Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Side({ title, doc, against }: { title: string; doc: JourneyDocument; against: JourneyDocument }) {
  const lines = differences(doc, against, kinds)
  return (
    <div className={styles.side}>
      <strong>{title}</strong>
      <span className="muted">
        {doc.nodes.length} {doc.nodes.length === 1 ? 'step' : 'steps'}
      </span>
      <ul>
        {lines.slice(0, 8).map((line) => (
          <li key={line}>{line}</li>
        ))}
        {lines.length > 8 && <li>and {lines.length - 8} more</li>}
        {lines.length === 0 && <li>the same, apart from where cards lie</li>}
      </ul>
    </div>
  )
}
