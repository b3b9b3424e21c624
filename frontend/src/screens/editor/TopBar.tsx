import { Button, Menu, SegmentedControl, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { exportAddress, useJourneyActions } from '../../api/journeys'
import { Icon } from '../../app/icons'
import { renameJourney } from '../../journey/commands/edit'
import type { Mode } from '../../journey/store'
import { done, failed } from '../../ui/notify'
import { StatusPill } from '../journeys/status'
import { useEditorState, usePlace } from './context'
import { EnrollDialog } from './EnrollDialog'
import styles from './editor.module.css'
import { Presence } from './Presence'
import { ProblemsButton } from './Problems'
import { PublishButton } from './PublishDialog'
import { SaveWords } from './SaveWords'
import { StopDialog } from './StopDialog'

export function TopBar({ onOutline }: { onOutline: () => void }) {
  const { journey, store } = usePlace()
  const mode = useEditorState((editor) => editor.view.mode)
  const [, go] = useLocation()
  return (
    <>
      <header className={styles.bar} data-mode={mode}>
        <div className={styles.left}>
          <button type="button" className={styles.icon} aria-label="All journeys" onClick={() => go('/journeys')}>
            <Icon name="arrowLeft" size={18} />
          </button>
          <Name />
          <StatusPill status={journey.status} fault={journey.fault} />
          <SaveWords />
        </div>
        {journey.version && (
          <SegmentedControl
            size="sm"
            aria-label="Edit or watch"
            value={mode}
            onChange={(value) => store.getState().look({ mode: value as Mode })}
            data={[
              { value: 'edit', label: 'Edit' },
              { value: 'live', label: 'Live' },
            ]}
            data-testid="mode"
          />
        )}
        <div className={styles.right}>
          <Presence />
          {mode === 'edit' && <UndoRedo />}
          {mode === 'edit' && <ProblemsButton />}
          <EnrollButton />
          <MainAction />
          <More onOutline={onOutline} />
        </div>
      </header>
      {journey.fault && (
        <div className={styles.fault} role="alert">
          This journey stands still: {journey.fault}. Nobody is lost; pause it, mend the cause and resume.
        </div>
      )}
    </>
  )
}

function Name() {
  const { store } = usePlace()
  const name = useEditorState((editor) => editor.history.doc.name)
  const isEditing = useEditorState((editor) => editor.view.mode === 'edit')
  return (
    <input
      className={styles.name}
      aria-label="Name of the journey"
      data-testid="journey-name"
      value={name}
      maxLength={200}
      disabled={!isEditing}
      placeholder="Name this journey"
      onChange={(event) => store.getState().act((doc) => renameJourney(doc, event.target.value))}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
      }}
    />
  )
}

function UndoRedo() {
  const { store } = usePlace()
  const undo = useEditorState((editor) => editor.history.past.at(-1)?.name)
  const redo = useEditorState((editor) => editor.history.future.at(-1)?.name)
  return (
    <>
      <Tooltip label={undo ? `Undo ${undo}` : 'Nothing to undo'}>
        <button
          type="button"
          className={styles.icon}
          aria-label={undo ? `Undo ${undo}` : 'Undo'}
          disabled={!undo}
          onClick={() => store.getState().undo()}
          data-testid="undo"
        >
          <Icon name="undo" size={18} />
        </button>
      </Tooltip>
      <Tooltip label={redo ? `Redo ${redo}` : 'Nothing to redo'}>
        <button
          type="button"
          className={styles.icon}
          aria-label={redo ? `Redo ${redo}` : 'Redo'}
          disabled={!redo}
          onClick={() => store.getState().redo()}
          data-testid="redo"
        >
          <Icon name="redo" size={18} />
        </button>
      </Tooltip>
    </>
  )
}

function EnrollButton() {
  const { journey } = usePlace()
  const isByHand = useEditorState((editor) => editor.history.doc.nodes.some((node) => node.type === 'trigger.manual'))
  const [isOpen, setOpen] = useState(false)
  if (!isByHand || journey.status !== 'live') return null
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="hand" size={16} />}
        onClick={() => setOpen(true)}
        data-testid="enroll"
      >
        Enroll people
      </Button>
      <EnrollDialog isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  )
}

function MainAction() {
  const { journey } = usePlace()
  const mode = useEditorState((editor) => editor.view.mode)
  if (journey.status === 'paused' && !(mode === 'edit' && journey.has_changes)) return <ResumeButton />
  return mode === 'edit' ? <PublishButton /> : <PauseButton />
}

function PauseButton() {
  const { journey, refresh } = usePlace()
  const { pause } = useJourneyActions()
  if (journey.status !== 'live') return null
  const act = async () => {
    try {
      const { people } = await pause(journey.id)
      await refresh()
      done(`Paused. ${peopleWords(people)} where they are.`)
    } catch (error) {
      failed(error, 'It could not be paused')
    }
  }
  return (
    <Button
      variant="default"
      leftSection={<Icon name="pause" size={16} />}
      onClick={() => void act()}
      data-testid="pause"
    >
      Pause
    </Button>
  )
}

function ResumeButton() {
  const { journey, refresh } = usePlace()
  const { resume } = useJourneyActions()
  const act = async () => {
    try {
      await resume(journey.id)
      await refresh()
      done('Running again. What fell due meanwhile happens now.')
    } catch (error) {
      failed(error, 'It could not be resumed')
    }
  }
  return (
    <Button leftSection={<Icon name="play" size={16} />} onClick={() => void act()} data-testid="resume">
      Resume
    </Button>
  )
}

function peopleWords(people: number): string {
  return people === 1 ? '1 person stays' : `${people.toLocaleString('en')} people stay`
}

function More({ onOutline }: { onOutline: () => void }) {
  const { journey, refresh, autosave } = usePlace()
  const { pause, duplicate } = useJourneyActions()
  const [, go] = useLocation()
  const [isStopping, setStopping] = useState(false)
  const isRunning = journey.status === 'live' || journey.status === 'paused'
  const tried = async (what: string, deed: () => Promise<unknown>) => {
    try {
      await deed()
    } catch (error) {
      failed(error, what)
    }
  }
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={228}>
        <Menu.Target>
          <button type="button" className={styles.icon} aria-label="More" data-testid="more">
            <Icon name="more" size={20} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="list" size={16} />} onClick={onOutline}>
            Read as an outline
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="copy" size={16} />}
            onClick={() =>
              void tried('It could not be duplicated', async () => {
                await autosave.flush()
                go(`/journeys/${(await duplicate(journey.id)).id}`)
              })
            }
          >
            Duplicate
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="download" size={16} />}
            onClick={() =>
              void tried('It could not be exported', async () => {
                await autosave.flush()
                window.location.assign(exportAddress(journey.id))
              })
            }
            data-testid="export"
          >
            Export as JSON
          </Menu.Item>
          {isRunning && <Menu.Divider />}
          {journey.status === 'live' && (
            <Menu.Item
              leftSection={<Icon name="pause" size={16} />}
              onClick={() =>
                void tried('It could not be paused', async () => {
                  await pause(journey.id)
                  await refresh()
                })
              }
            >
              Pause
            </Menu.Item>
          )}
          {isRunning && (
            <Menu.Item
              color="var(--bad)"
              leftSection={<Icon name="stop" size={16} />}
              onClick={() => setStopping(true)}
              data-testid="stop"
            >
              Stop for good…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <StopDialog isOpen={isStopping} onClose={() => setStopping(false)} />
    </>
  )
}
