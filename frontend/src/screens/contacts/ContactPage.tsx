/** One person: who they are, what may be sent to them, where they are now, and everything that happened, in order. */
import { Button, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useContact, useContactActions } from '../../api/contacts'
import type { Contact, ContactWhole } from '../../api/types'
import { Icon } from '../../app/icons'
import { Moment } from '../../app/now'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { ErrorState } from '../../ui/ErrorState'
import { done, failed } from '../../ui/notify'
import { Card, Page } from '../../ui/Page'
import { Pill } from '../../ui/Pill'
import { AllContacts } from './AllContacts'
import styles from './contacts.module.css'
import { FieldsCard } from './FieldsCard'
import { addressOf, CONSENT_SOURCES, nameOf } from './names'
import { Timeline } from './Timeline'
import { WhereCard } from './WhereCard'

export default function ContactPage({ id }: { id: number }) {
  const contact = useContact(id, true)
  if (contact.isPending)
    return (
      <Page title="Contact">
        <Skeleton height={320} radius={16} />
      </Page>
    )
  if (!contact.data)
    return (
      <Page title="Contact">
        <Card>
          <ErrorState title="This person could not be shown" error={contact.error} onRetry={contact.refetch} />
        </Card>
      </Page>
    )
  return <Person contact={contact.data} />
}

function Person({ contact }: { contact: ContactWhole }) {
  const name = nameOf(contact)
  return (
    <Page
      title={name}
      back={<AllContacts />}
      lead={name === contact.email ? undefined : contact.email}
      actions={
        <>
          <Button
            component={Link}
            href={`/inbox?contact=${contact.id}`}
            variant="default"
            leftSection={<Icon name="inbox" size={17} />}
          >
            Messages
          </Button>
          <Remove contact={contact} />
        </>
      }
    >
      <div className={styles.columns}>
        <div className={styles.stack}>
          <WhereCard now={contact.now} />
          <FieldsCard contact={contact} />
          <Consent contact={contact} />
        </div>
        <Timeline contact={contact.id} />
      </div>
    </Page>
  )
}

function Consent({ contact }: { contact: Contact }) {
  const { change } = useContactActions()
  const [isAsking, setAsking] = useState(false)
  const { unsubscribed, at, source } = contact.consent
  const set = (next: boolean) => change(contact.id, { consent: { unsubscribed: next } })
  return (
    <Card label="Consent">
      <div className={styles.cardHead}>
        <h2>Consent</h2>
        {unsubscribed ? <Pill tone="warn">Unsubscribed</Pill> : <Pill tone="good">May write</Pill>}
      </div>
      <p className={styles.small}>
        {unsubscribed
          ? 'Marketing messages to this person are skipped. Transactional ones still go out.'
          : 'Journeys may send marketing messages to this person.'}
      </p>
      {at && (
        <p className={styles.small}>
          Since <Moment at={at} />
          {source && `, ${CONSENT_SOURCES[source] ?? source}`}
        </p>
      )}
      {unsubscribed ? (
        <Button variant="default" size="xs" mt="sm" onClick={() => setAsking(true)}>
          They asked to be written to again
        </Button>
      ) : (
        <Button
          variant="default"
          size="xs"
          mt="sm"
          onClick={() => set(true).catch((error) => failed(error, 'Consent was not changed'))}
        >
          Unsubscribe them
        </Button>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        title="Write to them again?"
        action="They asked for it"
        isDestructive={false}
        onConfirm={() => set(false)}
        onClose={() => setAsking(false)}
      >
        {addressOf(contact)} unsubscribed. Only subscribe them again when they asked for it themselves; the change is
        kept in their history.
      </ConfirmDialog>
    </Card>
  )
}

function Remove({ contact }: { contact: Contact }) {
  const { remove } = useContactActions()
  const [, go] = useLocation()
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Button
        variant="default"
        c="var(--bad)"
        leftSection={<Icon name="trash" size={17} />}
        onClick={() => setAsking(true)}
      >
        Delete
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={`Delete ${nameOf(contact)}?`}
        action="Delete this person"
        typed="delete"
        onConfirm={async () => {
          await remove(contact.id)
          go('/contacts')
          done('The person is deleted')
        }}
        onClose={() => setAsking(false)}
      >
        They leave every journey they are in, messages still waiting for them are not sent, and their fields and events
        are erased. The counts of your journeys stay as they are. This can’t be undone.
      </ConfirmDialog>
    </>
  )
}
