import { Button, Group, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { reasonOf } from '../../api/client'
import { useKeys, useSettingsActions } from '../../api/settings'
import type { Key } from '../../api/types'
import { Icon } from '../../app/icons'
import { WallAgo } from '../../app/now'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { CopyButton } from '../../ui/CopyButton'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorState } from '../../ui/ErrorState'
import { Loading } from '../../ui/Loading'
import { Note } from '../../ui/Note'
import { done } from '../../ui/notify'
import { Card } from '../../ui/Page'
import { Pill } from '../../ui/Pill'
import ui from '../../ui/ui.module.css'
import styles from './settings.module.css'

const KINDS: Record<Key['kind'], { label: string; help: string }> = {
  write: { label: 'Write key', help: 'Sends events in, and can read nothing. Safe to put into a site or an app.' },
  api: { label: 'API key', help: 'Reads and changes everything the app can. Keep it on your own servers.' },
}

export function KeySettings() {
  const keys = useKeys()
  const [isMaking, setMaking] = useState(false)
  const items = keys.data?.items ?? []
  return (
    <Card isPadded={false} label="Keys">
      <div className={styles.head}>
        <div>
          <h2>Keys</h2>
          <p className={styles.small}>For programs that send events in or work with the API.</p>
        </div>
        <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setMaking(true)}>
          Make a key
        </Button>
      </div>
      {keys.isPending ? (
        <Loading />
      ) : !keys.data ? (
        <ErrorState error={keys.error} onRetry={keys.refetch} />
      ) : items.length === 0 ? (
        <EmptyState icon="key" title="No keys yet">
          A write key lets your site send events; an API key lets your own programs read and change what is here.
        </EmptyState>
      ) : (
        <div className={ui.scroll}>
          <table className={ui.table}>
            <thead>
              <tr>
                <th>Name</th>
                <th>Kind</th>
                <th>Key</th>
                <th>Made</th>
                <th>Last used</th>
                <th>
                  <span className="visually-hidden">Revoke</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((key) => (
                <Row key={key.id} item={key} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Modal opened={isMaking} onClose={() => setMaking(false)} title={<strong>Make a key</strong>}>
        {isMaking && <MakeKey onClose={() => setMaking(false)} />}
      </Modal>
    </Card>
  )
}

function Row({ item }: { item: Key }) {
  const { revokeKey } = useSettingsActions()
  const [isAsking, setAsking] = useState(false)
  const name = item.name || KINDS[item.kind].label
  return (
    <tr>
      <td>
        <strong>{name}</strong>
      </td>
      <td>{KINDS[item.kind].label}</td>
      <td>
        <code className={styles.hint}>{item.hint}</code>
      </td>
      <td>
        <WallAgo at={item.created_at} />
      </td>
      <td>
        <WallAgo at={item.last_used_at} none="never" />
      </td>
      <td className={styles.end}>
        {item.revoked_at ? (
          <Pill>Revoked</Pill>
        ) : (
          <Button variant="subtle" size="xs" color="danger" onClick={() => setAsking(true)}>
            Revoke
          </Button>
        )}
        <ConfirmDialog
          isOpen={isAsking}
          title={`Revoke “${name}”?`}
          action="Revoke the key"
          onConfirm={async () => {
            await revokeKey(item.id)
            done(`“${name}” no longer opens anything`)
          }}
          onClose={() => setAsking(false)}
        >
          Whatever uses this key is refused from now on. Everything it has sent stays. This can’t be undone.
        </ConfirmDialog>
      </td>
    </tr>
  )
}

function MakeKey({ onClose }: { onClose: () => void }) {
  const { createKey } = useSettingsActions()
  const [kind, setKind] = useState<Key['kind']>('write')
  const [name, setName] = useState('')
  const [made, setMade] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)

  async function make(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setRefusal(null)
    try {
      setMade((await createKey(kind, name.trim())).key)
    } catch (error) {
      setRefusal(reasonOf(error))
      setBusy(false)
    }
  }

  if (made)
    return (
      <Stack>
        <code className={styles.key}>{made}</code>
        <Note tone="warn">Copy it now: it is shown this once and can’t be shown again.</Note>
        <Group justify="flex-end">
          <CopyButton text={made} label="Copy the key" size="sm" />
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    )
  return (
    <form onSubmit={make}>
      <Stack>
        <SegmentedControl
          aria-label="Kind of key"
          value={kind}
          onChange={(value) => setKind(value as Key['kind'])}
          data={Object.entries(KINDS).map(([value, { label }]) => ({ value, label }))}
        />
        <p className={styles.small}>{KINDS[kind].help}</p>
        <TextInput
          data-autofocus
          label="Name"
          placeholder={kind === 'write' ? 'Web shop' : 'Nightly report'}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {refusal && <Note tone="bad">{refusal}</Note>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            Make the key
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
