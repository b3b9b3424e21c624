import { Badge, Button, Group, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useContacts } from '../../api/contacts'
import type { Contact } from '../../api/types'
import { Icon } from '../../app/icons'
import { Day } from '../../app/now'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorState } from '../../ui/ErrorState'
import { people } from '../../ui/format'
import { LoadMore } from '../../ui/LoadMore'
import { Card, Page } from '../../ui/Page'
import { Pill } from '../../ui/Pill'
import { SearchField } from '../../ui/SearchField'
import ui from '../../ui/ui.module.css'
import { AddContact } from './AddContact'
import styles from './contacts.module.css'
import { nameOf } from './names'

export default function Contacts() {
  const [q, setQ] = useState('')
  const contacts = useContacts(q)
  const items = contacts.data?.pages.flatMap((page) => page.items) ?? []
  const total = contacts.data?.pages[0]?.total
  const [isAdding, setAdding] = useState(false)

  const actions = (
    <>
      <Button component={Link} href="/contacts/import" variant="default" leftSection={<Icon name="upload" size={17} />}>
        Import CSV
      </Button>
      <Button leftSection={<Icon name="plus" size={17} />} onClick={() => setAdding(true)}>
        Add a person
      </Button>
    </>
  )
  const lead = total === undefined ? undefined : q ? `${people(total)} found` : `${people(total)} in all`

  return (
    <Page title="Contacts" lead={lead} actions={actions}>
      {(q !== '' || items.length > 0) && (
        <Group mb="lg">
          <SearchField label="Search by name, company, e-mail, phone or id" width={380} onSearch={setQ} />
        </Group>
      )}
      <Card isPadded={false} label="Contacts">
        {contacts.isPending ? (
          <Waiting />
        ) : !contacts.data ? (
          <ErrorState error={contacts.error} onRetry={contacts.refetch} />
        ) : items.length === 0 ? (
          <Empty isSearch={q !== ''} />
        ) : (
          <div className={ui.scroll}>
            <table className={ui.table}>
              <thead>
                <tr>
                  <th>Person</th>
                  <th className={styles.wide}>Id</th>
                  <th className={styles.wide}>Tags</th>
                  <th>Marketing</th>
                  <th className={styles.wide}>Known since</th>
                </tr>
              </thead>
              <tbody>
                {items.map((contact) => (
                  <Row key={contact.id} contact={contact} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        <LoadMore pages={contacts} what="people" />
      </Card>
      <AddContact isOpen={isAdding} onClose={() => setAdding(false)} />
    </Page>
  )
}

function Row({ contact }: { contact: Contact }) {
  const [, go] = useLocation()
  const address = `/contacts/${contact.id}`
  const name = nameOf(contact)
  return (
    // The link is the way in by keyboard; a click anywhere on the row is a convenience on top.
    <tr data-clickable onClick={() => go(address)} className={styles.row}>
      <td>
        <Link href={address} className={styles.name}>
          {name}
        </Link>
        {contact.email && contact.email !== name && <div className={styles.under}>{contact.email}</div>}
      </td>
      <td className={`${styles.wide} muted`}>{contact.user_id ?? 'anonymous'}</td>
      <td className={styles.wide}>
        <Tags tags={contact.tags} />
      </td>
      <td>
        {contact.consent.unsubscribed ? <Pill tone="warn">Unsubscribed</Pill> : <Pill tone="good">May write</Pill>}
      </td>
      <td className={`${styles.wide} muted`}>
        <Day at={contact.created_at} />
      </td>
    </tr>
  )
}

const TAGS_SHOWN = 3

function Tags({ tags }: { tags: string[] }) {
  if (tags.length === 0) return <span className="muted">—</span>
  const more = tags.length - TAGS_SHOWN
  return (
    <Group gap={6}>
      {tags.slice(0, TAGS_SHOWN).map((tag) => (
        <Badge key={tag} variant="light" tt="none" fw={540}>
          {tag}
        </Badge>
      ))}
      {more > 0 && <span className="muted">+{more}</span>}
    </Group>
  )
}

function Empty({ isSearch }: { isSearch: boolean }) {
  if (isSearch)
    return (
      <EmptyState icon="search" title="Nobody like that">
        Search looks at names, companies, e-mail addresses, phone numbers and ids. Try fewer letters.
      </EmptyState>
    )
  return (
    <EmptyState
      icon="people"
      title="Nobody here yet"
      actions={
        <>
          <Button component={Link} href="/contacts/import" leftSection={<Icon name="upload" size={17} />}>
            Import a CSV file
          </Button>
          <Button component={Link} href="/activity" variant="default">
            Send events
          </Button>
        </>
      }
    >
      People come in through a file you import, through events your site sends with any Segment library, or one at a
      time by hand.
    </EmptyState>
  )
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading contacts" style={{ padding: 22 }}>
      {[1, 2, 3, 4, 5, 6].map((n) => (
        <Skeleton key={n} height={30} mb={14} radius={8} />
      ))}
    </div>
  )
}
