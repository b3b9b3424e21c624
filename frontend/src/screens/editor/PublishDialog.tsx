import { Button, Group, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import { ApiProblem, api, reasonOf } from '../../api/client'
import { Icon, type IconName } from '../../app/icons'
import type { JourneyDocument } from '../../journey/document'
import { sentenceOf } from '../../journey/kind'
import { problemsOf } from '../../journey/problem'
import { kinds } from '../../kinds/registry'
import { Note } from '../../ui/Note'
import { done } from '../../ui/notify'
import { useEditorState, usePlace } from './context'
import styles from './editor.module.css'
import { ProblemList } from './Problems'

/** Publish: checked first, refused with the list while something is wrong, else told in plain words. */
export function PublishButton() {
  const { autosave, check, journey } = usePlace()
  const [isOpen, setOpen] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const isSame = journey.status === 'live' && !journey.has_changes
  const open = async () => {
    setBusy(true)
    await autosave.flush()
    await check()
    setBusy(false)
    setOpen(true)
  }
  return (
    <>
      <Button
        loading={isBusy}
        disabled={isSame}
        leftSection={<Icon name={isSame ? 'check' : 'play'} size={16} />}
        onClick={() => void open()}
        data-testid="publish"
      >
        {isSame ? 'Published' : journey.version ? 'Publish changes' : 'Publish'}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} size={520} title={<Title />}>
        {isOpen && <Question onClose={() => setOpen(false)} />}
      </Modal>
    </>
  )
}

function Title() {
  const errors = useEditorState((editor) => editor.view.problems.errors)
  return <strong>{errors > 0 ? 'Not ready yet' : 'Publish this journey?'}</strong>
}

function Question({ onClose }: { onClose: () => void }) {
  const { journey, store, refresh, autosave } = usePlace()
  const { errors, warnings } = useEditorState((editor) => editor.view.problems)
  const doc = useEditorState((editor) => editor.history.doc)
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)

  const publish = async () => {
    setBusy(true)
    setRefusal(null)
    try {
      await autosave.flush()
      const { version } = await api.post<{ version: number }>(`/api/journeys/${journey.id}/publish`)
      await refresh()
      store.getState().select([])
      store.getState().look({ mode: 'live' })
      done(`Version ${version} is live.`)
      onClose()
    } catch (error) {
      if (error instanceof ApiProblem && error.problems.length > 0) {
        store.getState().look({ problems: problemsOf(error.problems) })
      } else setRefusal(reasonOf(error))
      setBusy(false)
    }
  }

  if (errors > 0) {
    return (
      <Stack gap="md">
        <p className="muted">
          {errors === 1 ? 'One thing has' : `${errors} things have`} to be mended first. Choose one to go there.
        </p>
        <ProblemList onGo={onClose} />
      </Stack>
    )
  }
  return (
    <Stack gap="lg">
      <div className={styles.facts} data-testid="publish-facts">
        {factsOf(doc, journey.version !== null, journey.status).map((fact) => (
          <div key={fact.words} className={styles.fact}>
            <Icon name={fact.icon} size={19} className={styles.factIcon} />
            <span>{fact.words}</span>
          </div>
        ))}
      </div>
      {warnings > 0 && (
        <Stack gap="xs">
          <p className="muted">Worth a look before you do:</p>
          <ProblemList onGo={onClose} />
        </Stack>
      )}
      {refusal && <Note tone="bad">{refusal}</Note>}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Not yet
        </Button>
        <Button loading={isBusy} onClick={() => void publish()} data-testid="publish-confirm">
          Publish
        </Button>
      </Group>
    </Stack>
  )
}

interface Fact {
  readonly icon: IconName
  readonly words: string
}

/** What will happen, in plain words. */
function factsOf(doc: JourneyDocument, isPublished: boolean, status: string): Fact[] {
  const triggers = doc.nodes.filter((node) => kinds(node.type)?.family === 'trigger')
  const sends = doc.nodes.filter((node) => kinds(node.type)?.family === 'send').length
  const facts: Fact[] = triggers.map((node) => ({
    icon: node.type === 'trigger.manual' ? 'hand' : 'bolt',
    words:
      node.type === 'trigger.manual'
        ? 'People you enroll enter. Nobody enters before you do.'
        : `From now on: ${lowered(sentenceOf(doc, node, kinds))}, that person enters. What happened before starts nobody.`,
  }))
  const again = doc.settings?.reentry?.allow ?? 'never'
  const words = { never: 'Each person enters once.', after_exit: 'A person can enter again after leaving.' }
  facts.push({
    icon: 'restart',
    words: again === 'always' ? 'A person can be in it several times at once.' : words[again],
  })
  if (sends > 0) {
    facts.push({
      icon: 'mail',
      words: `It sends ${sends === 1 ? 'one message' : `up to ${sends} different messages`}, through the channel of your settings.`,
    })
  }
  if (isPublished) {
    facts.push({ icon: 'people', words: 'People inside stay on the version they entered and finish it as it was.' })
  }
  if (status === 'paused')
    facts.push({ icon: 'pause', words: 'The journey is paused now; publishing makes it live again.' })
  return facts
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
