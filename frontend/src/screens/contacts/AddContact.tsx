import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { ApiProblem, reasonOf } from '../../api/client'
import { useContactActions } from '../../api/contacts'
import { Note } from '../../ui/Note'

export function AddContact({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={<strong>Add a person</strong>}>
      {isOpen && <Form onClose={onClose} />}
    </Modal>
  )
}

function Form({ onClose }: { onClose: () => void }) {
  const { add } = useContactActions()
  const [, go] = useLocation()
  const [email, setEmail] = useState('')
  const [userId, setUserId] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const fields = problem instanceof ApiProblem ? problem.fields : {}

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      const contact = await add({
        ...(email.trim() && { email: email.trim() }),
        ...(userId.trim() && { user_id: userId.trim() }),
      })
      onClose()
      go(`/contacts/${contact.id}`)
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        {problem !== null && Object.keys(fields).length === 0 && <Note tone="bad">{reasonOf(problem)}</Note>}
        <TextInput
          data-autofocus
          label="E-mail"
          type="email"
          value={email}
          error={fields.email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextInput
          label="User id"
          description="The id your own systems know this person by. It may be left empty."
          value={userId}
          error={fields.user_id}
          onChange={(event) => setUserId(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy} disabled={!email.trim() && !userId.trim()}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
