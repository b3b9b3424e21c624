import { Drawer } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api } from '../../api/client'
import type { Paged, PersonHere } from '../../api/types'
import { Ago } from '../../app/now'
import { nodeOf } from '../../journey/document'
import { sentenceOf } from '../../journey/kind'
import { kinds } from '../../kinds/registry'
import { ErrorState } from '../../ui/ErrorState'
import { Loading } from '../../ui/Loading'
import { LoadMore } from '../../ui/LoadMore'
import { useEditorState, usePlace } from './context'
import styles from './editor.module.css'

/** Who is at this step now, and until when. */
export function PeopleDrawer({ node, onClose }: { node: string | null; onClose: () => void }) {
  const doc = useEditorState((editor) => editor.history.doc)
  const step = node === null ? undefined : nodeOf(doc, node)
  const title = step ? sentenceOf(doc, step, kinds) : (node ?? '')
  return (
    <Drawer
      opened={node !== null}
      onClose={onClose}
      position="right"
      size={420}
      title={<strong>Here now: {title}</strong>}
    >
      {node !== null && <People node={node} />}
    </Drawer>
  )
}

export function People({ node }: { node: string }) {
  const { journey } = usePlace()
  const query = useInfiniteQuery({
    queryKey: ['journeys', 'here', journey.id, node],
    queryFn: ({ pageParam, signal }) =>
      api.get<Paged<PersonHere>>(
        `/api/journeys/${journey.id}/nodes/${encodeURIComponent(node)}/contacts`,
        { after: pageParam, limit: 50 },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 5_000,
  })
  if (query.error) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  if (!query.data) return <Loading fills="inline" />
  const people = query.data.pages.flatMap((page) => page.items)
  if (people.length === 0) return <p className="muted">Nobody is here at the moment.</p>
  return (
    <div className={styles.people} data-testid="people-here">
      {people.map((person) => (
        <Link
          key={`${person.contact.id}:${person.passage}`}
          href={`/contacts/${person.contact.id}`}
          className={styles.person}
        >
          <span>{person.contact.email ?? person.contact.user_id ?? `Contact ${person.contact.id}`}</span>
          <small>
            since <Ago at={person.since} />
          </small>
          {person.due_at && (
            <small style={{ gridColumn: 2 }}>
              goes on <Ago at={person.due_at} />
            </small>
          )}
        </Link>
      ))}
      <LoadMore pages={query} what="people" />
    </div>
  )
}
