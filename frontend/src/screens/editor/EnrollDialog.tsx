import { Button, Group, Modal, SegmentedControl, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { api, reasonOf } from '../../api/client'
import { Note } from '../../ui/Note'
import { usePlace } from './context'

interface Answer {
  readonly enrolled: number
  readonly refused: number
}

/** Put people in by hand: everyone, or those named by e-mail or user id. */
export function EnrollDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={<strong>Enroll people</strong>} size={500}>
      {isOpen && <Form onClose={onClose} />}
    </Modal>
  )
}

function Form({ onClose }: { onClose: () => void }) {
  const { journey } = usePlace()
  const [who, setWho] = useState<'some' | 'all'>('some')
  const [text, setText] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [error, setError] = useState<string | null>(null)
  const named = namesIn(text)

  const enroll = async () => {
    setBusy(true)
    setError(null)
    try {
      const body = who === 'all' ? { all: true } : { contacts: named }
      setAnswer(await api.post<Answer>(`/api/journeys/${journey.id}/enroll`, body))
    } catch (problem) {
      setError(reasonOf(problem))
    } finally {
      setBusy(false)
    }
  }

  if (answer) {
    return (
      <Stack>
        <Note tone={answer.enrolled > 0 ? 'good' : 'warn'}>
          {answer.enrolled.toLocaleString('en')} entered.{' '}
          {answer.refused > 0 &&
            `${answer.refused.toLocaleString('en')} did not: they are unknown, or were here before.`}
        </Note>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    )
  }
  const many = named.length === 1 ? '1 person' : `${named.length.toLocaleString('en')} people`
  return (
    <Stack>
      <SegmentedControl
        value={who}
        onChange={(value) => setWho(value as 'some' | 'all')}
        data={[
          { value: 'some', label: 'People I name' },
          { value: 'all', label: 'Everyone' },
        ]}
      />
      {who === 'some' ? (
        <Textarea
          label="E-mail addresses or user ids"
          description="One on each line, or with commas between."
          autosize
          minRows={5}
          maxRows={12}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-testid="enroll-names"
        />
      ) : (
        <Note tone="warn">Every contact of this workspace enters at once, if the journey’s settings let them.</Note>
      )}
      {error && <Note tone="bad">{error}</Note>}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          loading={isBusy}
          disabled={who === 'some' && named.length === 0}
          onClick={() => void enroll()}
          data-testid="enroll-confirm"
        >
          {who === 'all' ? 'Enroll everyone' : `Enroll ${many}`}
        </Button>
      </Group>
    </Stack>
  )
}

function namesIn(text: string): ({ email: string } | { user_id: string })[] {
  const words = text.split(/[\n,;]+/).map((word) => word.trim())
  const unique = [...new Set(words.filter((word) => word !== ''))]
  return unique.map((word) => (word.includes('@') ? { email: word } : { user_id: word }))
}
