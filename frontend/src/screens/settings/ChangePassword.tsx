import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ApiProblem, reasonOf } from '../../api/client'
import { changePassword } from '../../api/session'
import { Note } from '../../ui/Note'
import { done } from '../../ui/notify'

/** One's own password. `email` is for password managers, which keep one under it. */
export function ChangePassword({ email, onClose }: { email: string; onClose: () => void }) {
  const [form, setForm] = useState({ current: '', new: '' })
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
      await changePassword(form)
      done('Your password is changed')
      onClose()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }

  return (
    <form onSubmit={submit}>
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <Stack>
        {problem !== null && Object.keys(fields).length === 0 && <Note tone="bad">{reasonOf(problem)}</Note>}
        <PasswordInput
          data-autofocus
          label="Present password"
          required
          withAsterisk={false}
          autoComplete="current-password"
          {...input('current')}
        />
        <PasswordInput
          label="New password"
          description="Eight characters or more. You are logged out everywhere but here."
          required
          withAsterisk={false}
          autoComplete="new-password"
          {...input('new')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
