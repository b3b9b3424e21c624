import { Button, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ApiProblem, reasonOf } from '../../api/client'
import { useSession } from '../../api/session'
import { useSettingsActions, useUsers } from '../../api/settings'
import type { User } from '../../api/types'
import { Icon } from '../../app/icons'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { ErrorState } from '../../ui/ErrorState'
import { Loading } from '../../ui/Loading'
import { Note } from '../../ui/Note'
import { done } from '../../ui/notify'
import { Card } from '../../ui/Page'
import ui from '../../ui/ui.module.css'
import { ChangePassword } from './ChangePassword'
import styles from './settings.module.css'

/** Those who may log in here. */
export function PeopleSettings() {
  const users = useUsers()
  const me = useSession().data?.user?.id
  const [isAdding, setAdding] = useState(false)
  return (
    <Card isPadded={false} label="People">
      <div className={styles.head}>
        <div>
          <h2>People who work here</h2>
          <p className={styles.small}>Everyone with an account sees and may change everything.</p>
        </div>
        <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setAdding(true)}>
          Add somebody
        </Button>
      </div>
      {users.isPending ? (
        <Loading />
      ) : !users.data ? (
        <ErrorState error={users.error} onRetry={users.refetch} />
      ) : (
        <table className={ui.table}>
          <thead>
            <tr>
              <th>Name</th>
              <th>E-mail</th>
              <th>
                <span className="visually-hidden">Change</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {users.data.items.map((user) => (
              <Row key={user.id} user={user} isMe={user.id === me} />
            ))}
          </tbody>
        </table>
      )}
      <Modal opened={isAdding} onClose={() => setAdding(false)} title={<strong>Add somebody</strong>}>
        {isAdding && <AddUser onClose={() => setAdding(false)} />}
      </Modal>
    </Card>
  )
}

function Row({ user, isMe }: { user: User; isMe: boolean }) {
  const { removeUser } = useSettingsActions()
  const [isAsking, setAsking] = useState(false)
  const [isChanging, setChanging] = useState(false)
  const name = user.name || user.email
  return (
    <tr>
      <td>
        <strong>{user.name || '—'}</strong>
        {isMe && <span className="muted"> (you)</span>}
      </td>
      <td>{user.email}</td>
      <td className={styles.end}>
        {isMe ? (
          <Button variant="subtle" size="xs" onClick={() => setChanging(true)}>
            Change password
          </Button>
        ) : (
          <Button variant="subtle" size="xs" color="danger" onClick={() => setAsking(true)}>
            Remove
          </Button>
        )}
        <ConfirmDialog
          isOpen={isAsking}
          title={`Remove ${name}?`}
          action="Remove the account"
          onConfirm={async () => {
            await removeUser(user.id)
            done(`${name} can no longer log in`)
          }}
          onClose={() => setAsking(false)}
        >
          They are logged out everywhere and can’t come back. The journeys they drew stay.
        </ConfirmDialog>
        <Modal opened={isChanging} onClose={() => setChanging(false)} title={<strong>Change your password</strong>}>
          {isChanging && <ChangePassword email={user.email} onClose={() => setChanging(false)} />}
        </Modal>
      </td>
    </tr>
  )
}

function AddUser({ onClose }: { onClose: () => void }) {
  const { addUser } = useSettingsActions()
  const [form, setForm] = useState({ name: '', email: '', password: '' })
  const [problem, setProblem] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const fields = problem instanceof ApiProblem ? problem.fields : {}

  const input = (name: keyof typeof form) => ({
    value: form[name],
    error: fields[name],
    onChange: (event: { currentTarget: HTMLInputElement }) => {
      const text = event.currentTarget.value
      setForm((before) => ({ ...before, [name]: text }))
    },
  })

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await addUser({ ...form, email: form.email.trim(), name: form.name.trim() })
      done(`${form.name || form.email} can log in now`)
      onClose()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        {problem !== null && Object.keys(fields).length === 0 && <Note tone="bad">{reasonOf(problem)}</Note>}
        <TextInput data-autofocus label="Name" autoComplete="off" {...input('name')} />
        <TextInput label="E-mail" type="email" required withAsterisk={false} autoComplete="off" {...input('email')} />
        <PasswordInput
          label="First password"
          description="Eight characters or more. Hand it to them yourself."
          required
          withAsterisk={false}
          autoComplete="new-password"
          {...input('password')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
