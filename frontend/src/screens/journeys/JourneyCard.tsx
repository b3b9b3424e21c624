import { ActionIcon, Menu } from '@mantine/core'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { exportAddress, useJourneyActions } from '../../api/journeys'
import type { JourneySummary } from '../../api/types'
import { Icon } from '../../app/icons'
import { Ago } from '../../app/now'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { number, people, percent, shortNumber } from '../../ui/format'
import { done, failed } from '../../ui/notify'
import styles from './journeys.module.css'
import { StatusPill } from './status'
import { Thumbnail } from './Thumbnail'

export function JourneyCard({ journey }: { journey: JourneySummary }) {
  return (
    <article className={styles.card}>
      <div className={styles.drawing}>
        {journey.thumbnail.nodes.length > 0 ? (
          <Thumbnail drawing={journey.thumbnail} />
        ) : (
          <span className="muted">An empty canvas</span>
        )}
      </div>
      <div className={styles.body}>
        <div className={styles.title}>
          <h2>
            <Link href={`/journeys/${journey.id}`} className={styles.open}>
              {journey.name}
            </Link>
          </h2>
          <StatusPill status={journey.status} fault={journey.fault} />
        </div>
        <Figures journey={journey} />
        <p className={styles.last}>{journey.fault ?? <LastActivity journey={journey} />}</p>
      </div>
      <CardMenu journey={journey} />
    </article>
  )
}

function Figures({ journey }: { journey: JourneySummary }) {
  const figures: [string, number][] = [
    ['inside', journey.inside],
    ['completed', journey.completed],
    ['messages', journey.messages],
  ]
  return (
    <dl className={styles.figures}>
      {figures.map(([label, n]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="tabular" title={number(n)}>
            {shortNumber(n)}
          </dd>
        </div>
      ))}
      {journey.converted > 0 && journey.entered > 0 && (
        <div>
          <dt>reached the goal</dt>
          <dd className="tabular" title={people(journey.converted)}>
            {percent(journey.converted / journey.entered)}
          </dd>
        </div>
      )}
    </dl>
  )
}

function LastActivity({ journey }: { journey: JourneySummary }) {
  if (journey.status === 'draft') return <>Not published yet</>
  return (
    <>
      {journey.last_moved_at ? (
        <>
          Last moved <Ago at={journey.last_moved_at} />
        </>
      ) : (
        'Nobody has entered yet'
      )}
      {journey.has_changes && ' · unpublished changes'}
    </>
  )
}

function CardMenu({ journey }: { journey: JourneySummary }) {
  const { duplicate, remove } = useJourneyActions()
  const [, go] = useLocation()
  const [isAsking, setAsking] = useState(false)
  const isRemovable = journey.status === 'draft' || journey.status === 'stopped'

  async function copy() {
    try {
      const made = await duplicate(journey.id)
      done(`“${made.name}” is there, as a draft`)
      go(`/journeys/${made.id}`)
    } catch (error) {
      failed(error, 'The journey was not duplicated')
    }
  }

  return (
    <>
      <Menu position="bottom-end" width={210} shadow="md">
        <Menu.Target>
          <ActionIcon className={styles.menu} variant="default" size={32} aria-label={`More for ${journey.name}`}>
            <Icon name="more" size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="copy" size={17} />} onClick={copy}>
            Duplicate
          </Menu.Item>
          <Menu.Item
            component="a"
            href={exportAddress(journey.id)}
            download
            leftSection={<Icon name="download" size={17} />}
          >
            Export as JSON
          </Menu.Item>
          <Menu.Item
            component={Link}
            href={`/inbox?journey=${journey.id}`}
            leftSection={<Icon name="inbox" size={17} />}
          >
            Its messages
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color="var(--bad)"
            leftSection={<Icon name="trash" size={17} />}
            disabled={!isRemovable}
            onClick={() => setAsking(true)}
          >
            {isRemovable ? 'Delete' : 'Delete (stop it first)'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        isOpen={isAsking}
        title={`Delete “${journey.name}”?`}
        action="Delete the journey"
        typed={journey.entered > 0 ? journey.name : undefined}
        onConfirm={async () => {
          await remove(journey.id)
          done(`“${journey.name}” is deleted`)
        }}
        onClose={() => setAsking(false)}
      >
        {journey.entered > 0
          ? `${people(journey.entered)} went through it. Their contacts stay; the drawing and its numbers go. This can’t be undone.`
          : 'Nobody has been in it. The drawing goes; this can’t be undone.'}
      </ConfirmDialog>
    </>
  )
}
