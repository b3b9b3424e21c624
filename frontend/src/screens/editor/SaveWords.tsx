import { Button, Tooltip } from '@mantine/core'
import type { SaveState } from '../../journey/autosave'
import { type JourneyDocument, normalised } from '../../journey/document'
import { usePlace } from './context'
import styles from './editor.module.css'
import { useSaveState } from './useEditorSession'

const WORDS: Readonly<Record<SaveState['kind'], string>> = {
  saved: 'Saved',
  saving: 'Saving…',
  offline: 'Offline, will retry',
  refused: 'Not saved',
  conflict: 'Changed elsewhere',
}

const MORE: Readonly<Record<SaveState['kind'], string>> = {
  saved: 'Everything is on the server.',
  saving: 'Your changes are on their way.',
  offline: 'The server can’t be reached. Your changes are kept on this computer and saved as soon as it is back.',
  refused: 'The server does not take the journey as it is. It is kept on this computer.',
  conflict: 'Somebody else changed this journey. Choose what stays.',
}

export function SaveWords() {
  const { autosave, journey } = usePlace()
  const state = useSaveState(autosave)
  // Somebody else saved while nothing of ours was on its way.
  const isBehind = state.kind === 'saved' && journey.revision > autosave.revision()
  if (isBehind) return <Newer />
  const more = state.kind === 'refused' ? `${MORE.refused} ${state.message}` : MORE[state.kind]
  return (
    <>
      <Tooltip label={more} multiline maw={320}>
        <span className={styles.save} data-kind={state.kind} data-testid="save-state" role="status">
          {WORDS[state.kind]}
        </span>
      </Tooltip>
      {journey.version && (
        <span className={styles.changes}>
          {journey.has_changes
            ? `Changes since version ${journey.version.number}`
            : `Version ${journey.version.number}`}
        </span>
      )}
    </>
  )
}

/** A newer draft is on the server; taking it is one click, and what is on screen stays until then. */
function Newer() {
  const { autosave, journey, store, check } = usePlace()
  const load = () => {
    store.getState().replace(normalised(journey.draft as JourneyDocument))
    autosave.moveTo(journey.revision)
    void check()
  }
  return (
    <span className={styles.save} data-kind="newer" data-testid="save-state" role="status">
      Somebody changed this
      <Button size="compact-xs" variant="light" onClick={load}>
        Show it
      </Button>
    </span>
  )
}
