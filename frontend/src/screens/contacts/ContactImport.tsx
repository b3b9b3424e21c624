/** CSV in four steps: drop, look, wait, read the report. The work goes on when this page is closed. */
import { Button, Group, Progress, Select, Stack } from '@mantine/core'
import { type DragEvent, useRef, useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { ApiProblem, reasonOf } from '../../api/client'
import { previewImport, startImport, useFields, useTask } from '../../api/contacts'
import type { ImportPreview, Task } from '../../api/types'
import { Icon } from '../../app/icons'
import { ErrorState } from '../../ui/ErrorState'
import { bytes, count, number, people, words } from '../../ui/format'
import { Loading } from '../../ui/Loading'
import { Note } from '../../ui/Note'
import { Card, Page } from '../../ui/Page'
import ui from '../../ui/ui.module.css'
import { AllContacts } from './AllContacts'
import styles from './contacts.module.css'

export default function ContactImport() {
  const task = Number(new URLSearchParams(useSearch()).get('task')) || null
  return (
    <Page
      title="Import contacts"
      lead="A CSV file with a heading line. People already known by user id or e-mail are brought up to date."
      back={<AllContacts />}
      isNarrow
    >
      {task ? <Work id={task} /> : <Choose />}
    </Page>
  )
}

function Choose() {
  const [chosen, setChosen] = useState<{ file: File; preview: ImportPreview } | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)

  async function take(file: File | undefined) {
    if (!file) return
    setBusy(true)
    setRefusal(null)
    try {
      setChosen({ file, preview: await previewImport(file) })
    } catch (error) {
      const named = error instanceof ApiProblem ? error.fields.file : undefined
      setRefusal(`${file.name} could not be read. ${named ?? reasonOf(error)}`)
    } finally {
      setBusy(false)
    }
  }

  if (chosen) return <Mapping {...chosen} onBack={() => setChosen(null)} />
  return (
    <Stack>
      {refusal && <Note tone="bad">{refusal}</Note>}
      {isBusy ? (
        <Card>
          <Loading what="Reading the file" />
        </Card>
      ) : (
        <DropZone onFile={take} />
      )}
    </Stack>
  )
}

function DropZone({ onFile }: { onFile: (file: File | undefined) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  function over(event: DragEvent) {
    event.preventDefault()
    setOver(true)
  }
  function drop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    onFile(event.dataTransfer.files[0])
  }
  return (
    <section
      aria-label="Drop a file"
      className={styles.drop}
      data-over={isOver || undefined}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span className={ui.emptyMark}>
        <Icon name="upload" size={28} />
      </span>
      <h2>Drop a CSV file here</h2>
      <p className="muted">Nothing is stored before you have looked at it.</p>
      <Button onClick={() => input.current?.click()}>Choose a file</Button>
      <input
        ref={input}
        type="file"
        accept=".csv,text/csv,text/plain"
        hidden
        aria-label="CSV file"
        onChange={(event) => onFile(event.currentTarget.files?.[0])}
      />
    </section>
  )
}

interface MappingProps {
  file: File
  preview: ImportPreview
  onBack: () => void
}

const SKIP = ''
/** Built-in fields a file may fill. */
const IMPORTABLE = ['user_id', 'email', 'phone', 'timezone', 'unsubscribed', 'created_at', 'tags']

function Mapping({ file, preview, onBack }: MappingProps) {
  const [, go] = useLocation()
  const fields = useFields().data?.items ?? []
  const [mapping, setMapping] = useState<Record<string, string | null>>(() =>
    Object.fromEntries(preview.columns.map((column) => [column.name, column.guess])),
  )
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const targets = Object.values(mapping).filter((target): target is string => target !== null)
  const twice = targets.find((target, index) => targets.indexOf(target) !== index)
  const canTell = targets.includes('email') || targets.includes('user_id')

  const known = new Set(fields.map((field) => field.name))
  const options = (column: string) => [
    { value: SKIP, label: 'Leave it out' },
    ...fields
      .filter((field) => IMPORTABLE.includes(field.name) || !field.built_in)
      .map((field) => ({ value: field.name, label: field.label || words(field.name) })),
    ...[column, mapping[column]]
      .filter((name): name is string => Boolean(name) && !known.has(name as string))
      .filter((name, index, all) => all.indexOf(name) === index)
      .map((name) => ({ value: name, label: `New field “${name}”` })),
  ]

  async function start() {
    setBusy(true)
    setRefusal(null)
    try {
      const task = await startImport(file, mapping)
      go(`/contacts/import?task=${task.id}`)
    } catch (error) {
      setRefusal(reasonOf(error))
      setBusy(false)
    }
  }

  return (
    <Stack>
      <Card isPadded={false} label="Columns">
        <div className={styles.fileHead}>
          <Icon name="file" size={22} />
          <div>
            <strong>{file.name}</strong>
            <p className={styles.small}>
              {count(preview.rows, 'row')}, {bytes(file.size)}, {preview.encoding}
            </p>
          </div>
          <Button variant="subtle" size="xs" ml="auto" onClick={onBack}>
            Another file
          </Button>
        </div>
        <div className={ui.scroll}>
          <table className={ui.table}>
            <thead>
              <tr>
                <th>Column</th>
                <th>Looks like</th>
                <th>For example</th>
                <th>Goes to</th>
              </tr>
            </thead>
            <tbody>
              {preview.columns.map((column) => (
                <tr key={column.name}>
                  <td>
                    <strong>{column.name}</strong>
                  </td>
                  <td className="muted">{column.type}</td>
                  <td className={styles.samples}>{column.samples.filter(Boolean).slice(0, 3).join(', ') || '—'}</td>
                  <td>
                    <Select
                      size="sm"
                      aria-label={`Where ${column.name} goes`}
                      searchable
                      data={options(column.name)}
                      value={mapping[column.name] ?? SKIP}
                      onChange={(target) => setMapping((before) => ({ ...before, [column.name]: target || null }))}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
      {!canTell && <Note tone="warn">Choose a column for the e-mail or the user id: people are told apart by it.</Note>}
      {twice && <Note tone="warn">Two columns go to “{twice}”. Leave one of them out.</Note>}
      {refusal && <Note tone="bad">The import did not start. {refusal}</Note>}
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <Button loading={isBusy} disabled={!canTell || twice !== undefined} onClick={start}>
          Import {count(preview.rows, 'row')}
        </Button>
      </Group>
    </Stack>
  )
}

function Work({ id }: { id: number }) {
  const task = useTask(id)
  if (task.isPending)
    return (
      <Card>
        <Loading what="Looking how far it is" />
      </Card>
    )
  if (!task.data)
    return (
      <Card>
        <ErrorState error={task.error} onRetry={task.refetch} />
      </Card>
    )
  return task.data.state === 'running' ? <Running task={task.data} /> : <Report task={task.data} />
}

function Running({ task }: { task: Task }) {
  const share = task.total ? (100 * task.done) / task.total : null
  return (
    <Card>
      <Stack gap="sm" aria-live="polite">
        <h2>Bringing people in…</h2>
        <Progress value={share ?? 100} animated={share === null} size="lg" aria-label="Import progress" />
        <p className="muted tabular">
          {number(task.done)}
          {task.total !== null && ` of ${number(task.total)}`} rows. You can leave this page, the work goes on.
        </p>
      </Stack>
    </Card>
  )
}

function Report({ task }: { task: Task }) {
  const {
    created = 0,
    updated = 0,
    unchanged = 0,
    rejected = [],
    rejected_total: refused = rejected.length,
    error,
  } = task.report
  return (
    <Stack>
      {task.state === 'failed' ? (
        <Note tone="bad">The import stopped. {error ?? 'What was brought in until then stays.'}</Note>
      ) : (
        <Note tone={refused > 0 ? 'warn' : 'good'}>
          {people(created)} added, {number(updated)} brought up to date
          {unchanged > 0 && `, ${number(unchanged)} known already`}
          {refused > 0 ? `, ${count(refused, 'row')} left out.` : '. Every row found its place.'}
        </Note>
      )}
      {rejected.length > 0 && (
        <Card isPadded={false} label="Rows left out">
          <div className={styles.fileHead}>
            <div>
              <h2>Rows left out</h2>
              <p className={styles.small}>
                Mend them in the file and import it again: rows already in are only brought up to date.
                {refused > rejected.length && ` The first ${number(rejected.length)} of ${number(refused)} are shown.`}
              </p>
            </div>
          </div>
          <div className={ui.scroll}>
            <table className={ui.table}>
              <thead>
                <tr>
                  <th>Row</th>
                  <th>Column</th>
                  <th>Why</th>
                </tr>
              </thead>
              <tbody>
                {rejected.map((row) => (
                  <tr key={`${row.row} ${row.field} ${row.reason}`}>
                    <td className="tabular">{number(row.row)}</td>
                    <td>{row.field ?? '—'}</td>
                    <td>{row.reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Card>
      )}
      <Group justify="flex-end">
        <Button component={Link} href="/contacts/import" variant="default">
          Import another file
        </Button>
        <Button component={Link} href="/contacts">
          See the contacts
        </Button>
      </Group>
    </Stack>
  )
}
