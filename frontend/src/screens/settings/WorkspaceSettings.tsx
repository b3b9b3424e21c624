import { Button, Group, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ApiProblem, reasonOf } from '../../api/client'
import { useSettingsActions, useWorkspace } from '../../api/settings'
import type { Workspace } from '../../api/types'
import { ErrorState } from '../../ui/ErrorState'
import { Loading } from '../../ui/Loading'
import { Note } from '../../ui/Note'
import { done } from '../../ui/notify'
import { Card } from '../../ui/Page'

export function WorkspaceSettings() {
  const workspace = useWorkspace()
  if (workspace.isPending) return <Loading />
  if (!workspace.data)
    return (
      <Card>
        <ErrorState error={workspace.error} onRetry={workspace.refetch} />
      </Card>
    )
  return <Form saved={workspace.data} />
}

function zones(current: string): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return [...new Set(['UTC', current, ...known])].filter(Boolean)
}

function Form({ saved }: { saved: Workspace }) {
  const { saveWorkspace } = useSettingsActions()
  const [name, setName] = useState(saved.name)
  const [timezone, setTimezone] = useState(saved.timezone)
  const [address, setAddress] = useState(saved.postal_address)
  const [problem, setProblem] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const fields = problem instanceof ApiProblem ? problem.fields : {}

  async function save(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await saveWorkspace({ name: name.trim(), timezone, postal_address: address.trim() })
      done('The workspace is saved')
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Card label="Workspace">
      <form onSubmit={save}>
        <Stack>
          <TextInput
            label="Name"
            required
            withAsterisk={false}
            value={name}
            error={fields.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Time zone"
            description="Moments are shown in it."
            searchable
            data={zones(timezone)}
            value={timezone}
            error={fields.timezone}
            onChange={(zone) => zone && setTimezone(zone)}
          />
          <Textarea
            label="Postal address"
            description="Stands at the foot of marketing messages; in many countries the law asks for it."
            autosize
            minRows={3}
            value={address}
            error={fields.postal_address}
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
          {problem !== null && Object.keys(fields).length === 0 && <Note tone="bad">{reasonOf(problem)}</Note>}
          <Group justify="flex-end">
            <Button type="submit" loading={isBusy}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}
