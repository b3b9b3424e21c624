/** Reads a journey file; what is wrong with it is said by name, what is only unfinished opens as a draft. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { ApiProblem, api, reasonOf } from '../../api/client'
import { useJourneyActions } from '../../api/journeys'
import type { JourneyDocument, Problem } from '../../api/types'
import { count } from '../../ui/format'
import { Loading } from '../../ui/Loading'
import { Note } from '../../ui/Note'
import { done } from '../../ui/notify'
import styles from './journeys.module.css'

type State =
  | { is: 'closed' }
  | { is: 'reading'; file: string }
  | { is: 'refused'; file: string; reason: string; places: { place: string; message: string }[] }
  | { is: 'unfinished'; id: number; name: string; problems: Problem[] }

/** `begin` imports a file at once; the dialog shows itself when there is something to say. */
export function useJourneyImport() {
  const { create } = useJourneyActions()
  const [, go] = useLocation()
  const [state, setState] = useState<State>({ is: 'closed' })
  async function begin(file: File | null) {
    if (!file) return
    setState({ is: 'reading', file: file.name })
    const next = await bring(file, create)
    if (next.is !== 'finished') return setState(next)
    setState({ is: 'closed' })
    done(`“${next.name}” is there, as a draft`)
    go(`/journeys/${next.id}`)
  }
  return { begin, state, close: () => setState({ is: 'closed' }) }
}

export function ImportDialog({ state, onClose }: { state: State; onClose: () => void }) {
  return (
    <Modal opened={state.is !== 'closed'} onClose={onClose} title={<strong>Import a journey</strong>} size={560}>
      <Outcome state={state} onClose={onClose} />
    </Modal>
  )
}

function Outcome({ state, onClose }: { state: State; onClose: () => void }) {
  const [, go] = useLocation()
  if (state.is === 'closed') return null
  if (state.is === 'reading') return <Loading what={`Reading ${state.file}`} />
  if (state.is === 'refused')
    return (
      <Stack>
        <Note tone="bad">
          <strong>{state.file}</strong> was not imported. {state.reason}
        </Note>
        <ul className={styles.problems}>
          {state.places.map(({ place, message }) => (
            <li key={`${place} ${message}`}>
              {place && <code>{place}</code>} {message}
            </li>
          ))}
        </ul>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Group>
      </Stack>
    )
  return (
    <Stack>
      <Note tone="warn">
        “{state.name}” is there, as a draft. Before it can be published,{' '}
        {count(state.problems.length, 'thing is', 'things are')} to be mended.
      </Note>
      <ul className={styles.problems}>
        {state.problems.map((problem) => (
          <li key={`${problem.code} ${problem.node} ${problem.field}`}>
            {problem.node && <code>{problem.node}</code>} {problem.message}
            {problem.fix && (
              <Text size="sm" c="dimmed">
                {problem.fix}
              </Text>
            )}
          </li>
        ))}
      </ul>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button onClick={() => go(`/journeys/${state.id}`)}>Open it</Button>
      </Group>
    </Stack>
  )
}

type Brought = Extract<State, { is: 'refused' | 'unfinished' }> | { is: 'finished'; id: number; name: string }

async function bring(file: File, create: ReturnType<typeof useJourneyActions>['create']): Promise<Brought> {
  let document: JourneyDocument
  try {
    document = JSON.parse(await file.text()) as JourneyDocument
  } catch (error) {
    return { is: 'refused', file: file.name, reason: `It is not JSON: ${reasonOf(error)}.`, places: [] }
  }
  try {
    const journey = await create(document)
    const { problems } = await api.post<{ problems: Problem[] }>(`/api/journeys/${journey.id}/check`)
    const errors = problems.filter((problem) => problem.severity === 'error')
    if (errors.length === 0) return { is: 'finished', id: journey.id, name: journey.name }
    return { is: 'unfinished', id: journey.id, name: journey.name, problems: errors }
  } catch (error) {
    return { is: 'refused', file: file.name, reason: reasonOf(error), places: placesOf(error) }
  }
}

function placesOf(error: unknown): { place: string; message: string }[] {
  if (!(error instanceof ApiProblem)) return []
  const named = (error.document.errors ?? []).map(({ field, message }) => ({ place: field, message }))
  const found = error.problems.map(({ node, field, message }) => ({
    place: [node, field].filter(Boolean).join(' · '),
    message,
  }))
  // The same faults twice over: as fields of the file, and as problems with their steps, which say more.
  return found.length > 0 ? found : named
}
