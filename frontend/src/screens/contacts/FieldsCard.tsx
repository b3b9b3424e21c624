import { Badge, Button, Group, Stack, TagsInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ApiProblem, reasonOf } from '../../api/client'
import { useContactActions, useFields } from '../../api/contacts'
import type { Contact, Field } from '../../api/types'
import { Icon } from '../../app/icons'
import { Day } from '../../app/now'
import { value, words } from '../../ui/format'
import { Note } from '../../ui/Note'
import { done } from '../../ui/notify'
import { Card } from '../../ui/Page'
import styles from './contacts.module.css'
import { asText, changeOf, type Entry, isOwn } from './editing'

const OWN: { name: string; label: string }[] = [
  { name: 'email', label: 'E-mail' },
  { name: 'user_id', label: 'User id' },
  { name: 'phone', label: 'Phone' },
  { name: 'timezone', label: 'Time zone' },
]

export function FieldsCard({ contact }: { contact: Contact }) {
  const [isEditing, setEditing] = useState(false)
  const registry = useFields().data?.items ?? []
  const custom = customFields(contact, registry)
  return (
    <Card label="Fields">
      <div className={styles.cardHead}>
        <h2>About</h2>
        {!isEditing && (
          <Button
            variant="subtle"
            size="xs"
            leftSection={<Icon name="pencil" size={15} />}
            onClick={() => setEditing(true)}
          >
            Edit
          </Button>
        )}
      </div>
      {isEditing ? (
        <Editor contact={contact} custom={custom} onClose={() => setEditing(false)} />
      ) : (
        <Facts contact={contact} custom={custom} />
      )}
    </Card>
  )
}

interface Custom extends Entry {
  label: string
}

/** What the registry knows, and what only this contact has; the registry's order first. */
function customFields(contact: Contact, registry: Field[]): Custom[] {
  const known = registry.filter((field) => !field.built_in && !isOwn(field.name))
  const extra = Object.keys(contact.fields).filter((name) => !known.some((field) => field.name === name))
  return [
    ...known.map(({ name, type, label }) => ({
      name,
      type,
      label: label && label !== name ? label : words(name),
      isBuiltIn: false,
    })),
    ...extra.map((name) => ({ name, type: 'text' as const, label: words(name), isBuiltIn: false })),
  ]
}

function Facts({ contact, custom }: { contact: Contact; custom: Custom[] }) {
  const filled = custom.filter(({ name }) => contact.fields[name] !== undefined && contact.fields[name] !== null)
  return (
    <dl className={styles.facts}>
      {OWN.map(({ name, label }) => (
        <Fact key={name} label={label}>
          {value(contact[name as 'email'])}
        </Fact>
      ))}
      {filled.map(({ name, label }) => (
        <Fact key={name} label={label}>
          {value(contact.fields[name])}
        </Fact>
      ))}
      <Fact label="Tags">
        {contact.tags.length === 0 ? (
          '—'
        ) : (
          <Group gap={6}>
            {contact.tags.map((tag) => (
              <Badge key={tag} variant="light" tt="none" fw={540}>
                {tag}
              </Badge>
            ))}
          </Group>
        )}
      </Fact>
      <Fact label="Known since">
        <Day at={contact.created_at} />
      </Fact>
    </dl>
  )
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Editor({ contact, custom, onClose }: { contact: Contact; custom: Custom[]; onClose: () => void }) {
  const { change: save } = useContactActions()
  const entries: Custom[] = [
    ...OWN.map(({ name, label }) => ({ name, label, type: 'text' as const, isBuiltIn: true })),
    ...custom,
  ]
  const [texts, setTexts] = useState<Record<string, string>>({})
  const [tags, setTags] = useState<string[] | null>(null) // null: not touched; the contact may change meanwhile
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const before = (name: string) => asText(isOwn(name) ? contact[name] : contact.fields[name])

  async function submit(event: FormEvent) {
    event.preventDefault()
    const { change, errors: found } = changeOf(contact, texts, entries)
    if (tags && tags.join('\n') !== contact.tags.join('\n')) change.tags = tags
    setErrors(found)
    setRefusal(null)
    if (Object.keys(found).length > 0) return
    if (Object.keys(change).length === 0) return onClose()
    setBusy(true)
    try {
      await save(contact.id, change)
      done('Saved')
      onClose()
    } catch (error) {
      const fields = error instanceof ApiProblem ? byName(error.fields) : {}
      setErrors(fields)
      if (!entries.some(({ name }) => fields[name])) setRefusal(reasonOf(error))
      setBusy(false)
    }
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="sm" mt="sm">
        {refusal && <Note tone="bad">{refusal}</Note>}
        {entries.map(({ name, label, type }) => (
          <TextInput
            key={name}
            label={label}
            size="sm"
            inputMode={type === 'number' ? 'decimal' : undefined}
            placeholder={name === 'timezone' ? 'Europe/Berlin' : type === 'boolean' ? 'yes or no' : undefined}
            value={texts[name] ?? before(name)}
            error={errors[name]}
            onChange={(event) => {
              const text = event.currentTarget.value
              setTexts((known) => ({ ...known, [name]: text }))
            }}
          />
        ))}
        <TagsInput label="Tags" size="sm" value={tags ?? contact.tags} onChange={setTags} placeholder="Add a tag" />
        <Group justify="flex-end" mt="xs">
          <Button variant="default" size="sm" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" size="sm" loading={isBusy}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** The server names a custom field "fields.plan"; the form knows it as "plan". */
function byName(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, message]) => [name.replace(/^fields\./, ''), message]))
}
