import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Note } from './Note'

interface ConfirmDialogProps {
  isOpen: boolean
  title: string
  /** What will happen, to how many people, and what stays. */
  children: ReactNode
  action: string
  /** When given, these words must be typed before the action is open. */
  typed?: string
  isDestructive?: boolean
  onConfirm: () => Promise<unknown>
  onClose: () => void
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Modal opened={props.isOpen} onClose={props.onClose} title={<strong>{props.title}</strong>} size={480}>
      {props.isOpen && <Question {...props} />}
    </Modal>
  )
}

function Question({ children, action, typed, isDestructive = true, onConfirm, onClose }: ConfirmDialogProps) {
  const [words, setWords] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const isReady = !typed || words.trim().toLowerCase() === typed.toLowerCase()

  async function confirm(event: FormEvent) {
    event.preventDefault()
    if (!isReady) return
    setBusy(true)
    setError(null)
    try {
      await onConfirm()
      onClose()
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem))
      setBusy(false)
    }
  }

  return (
    <form onSubmit={confirm}>
      <Stack gap="md">
        <div>{children}</div>
        {typed && (
          <TextInput
            data-autofocus
            label={
              <>
                Type <strong>{typed}</strong> to go on
              </>
            }
            value={words}
            autoComplete="off"
            onChange={(event) => setWords(event.currentTarget.value)}
          />
        )}
        {error && <Note tone="bad">{error}</Note>}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color={isDestructive ? 'danger' : undefined} disabled={!isReady} loading={isBusy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
