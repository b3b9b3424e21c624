import { Button, FileButton, Group, SegmentedControl, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useJourneyActions, useJourneys } from '../../api/journeys'
import type { JourneyDocument, JourneySummary } from '../../api/types'
import { Icon } from '../../app/icons'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorState } from '../../ui/ErrorState'
import { count, people } from '../../ui/format'
import { failed } from '../../ui/notify'
import { Card, Page } from '../../ui/Page'
import { SearchField } from '../../ui/SearchField'
import { EXAMPLE, EXAMPLE_DRAWING } from './example'
import { ImportDialog, useJourneyImport } from './ImportDialog'
import { JourneyCard } from './JourneyCard'
import styles from './journeys.module.css'
import { Thumbnail } from './Thumbnail'

const STATUSES = [
  { value: '', label: 'All' },
  { value: 'live', label: 'Live' },
  { value: 'draft', label: 'Drafts' },
  { value: 'paused', label: 'Paused' },
  { value: 'stopped', label: 'Stopped' },
]

export default function Journeys() {
  const [q, setQ] = useState('')
  const [status, setStatus] = useState('')
  const file = useJourneyImport()
  const journeys = useJourneys({ q, status })
  const start = useStart()
  const items = journeys.data?.items ?? []
  const isFiltered = q !== '' || status !== ''

  const actions = (
    <>
      <FileButton onChange={file.begin} accept="application/json,.json">
        {(props) => (
          <Button {...props} variant="default" leftSection={<Icon name="upload" size={17} />}>
            Import
          </Button>
        )}
      </FileButton>
      <Button leftSection={<Icon name="plus" size={17} />} loading={start.isBusy} onClick={start.empty}>
        New journey
      </Button>
    </>
  )

  return (
    <Page title="Journeys" lead={items.length > 0 ? summary(items, isFiltered) : undefined} actions={actions}>
      {(isFiltered || items.length > 0) && (
        <Group mb="lg" gap="md">
          <SearchField label="Search journeys" onSearch={setQ} />
          <SegmentedControl aria-label="Status" value={status} onChange={setStatus} data={STATUSES} />
        </Group>
      )}
      {journeys.isPending ? (
        <Waiting />
      ) : !journeys.data ? (
        <Card>
          <ErrorState error={journeys.error} onRetry={journeys.refetch} />
        </Card>
      ) : items.length > 0 ? (
        <ul className={styles.grid}>
          {items.map((journey) => (
            <li key={journey.id}>
              <JourneyCard journey={journey} />
            </li>
          ))}
        </ul>
      ) : (
        <Card>{isFiltered ? <NothingFound /> : <FirstJourney start={start} />}</Card>
      )}
      <ImportDialog state={file.state} onClose={file.close} />
    </Page>
  )
}

function summary(items: JourneySummary[], isFiltered: boolean): string {
  const inside = items.reduce((sum, journey) => sum + journey.inside, 0)
  const found = isFiltered ? count(items.length, 'journey found', 'journeys found') : count(items.length, 'journey')
  return inside > 0 ? `${found}, ${people(inside)} on their way` : found
}

/** Makes a journey and opens it. */
function useStart() {
  const { create } = useJourneyActions()
  const [, go] = useLocation()
  const [isBusy, setBusy] = useState(false)
  async function begin(document: Partial<JourneyDocument>) {
    setBusy(true)
    try {
      const journey = await create(document)
      go(`/journeys/${journey.id}`)
    } catch (error) {
      failed(error, 'The journey was not made')
      setBusy(false)
    }
  }
  return { isBusy, empty: () => begin({ name: 'New journey' }), example: () => begin(EXAMPLE) }
}

function FirstJourney({ start }: { start: ReturnType<typeof useStart> }) {
  return (
    <EmptyState
      icon="journeys"
      picture={
        <div className={styles.sketch}>
          <Thumbnail drawing={EXAMPLE_DRAWING} />
        </div>
      }
      title="Draw your first journey"
      actions={
        <>
          <Button size="md" leftSection={<Icon name="plus" size={18} />} loading={start.isBusy} onClick={start.empty}>
            Start with an empty canvas
          </Button>
          <Button size="md" variant="default" disabled={start.isBusy} onClick={start.example}>
            Begin with this example
          </Button>
        </>
      }
    >
      A journey says what happens to people, step by step: when someone signs up, wait two days, and if they have not
      bought anything, write to them. Nothing is sent before you publish it.
    </EmptyState>
  )
}

function NothingFound() {
  return (
    <EmptyState icon="search" title="No journey like that">
      Try fewer letters, or look under another status.
    </EmptyState>
  )
}

function Waiting() {
  return (
    <div className={styles.grid} role="status" aria-label="Loading journeys">
      {[1, 2, 3].map((n) => (
        <Skeleton key={n} height={292} radius={16} />
      ))}
    </div>
  )
}
