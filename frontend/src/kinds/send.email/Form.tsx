import { Menu, SegmentedControl, Textarea, TextInput, UnstyledButton } from '@mantine/core'
import { useRef } from 'react'
import { Icon } from '../../app/icons'
import { useFieldChoices, usePropertyChoices } from '../../conditions/choices'
import { errorAt, type FormProps } from '../form'
import styles from '../kinds.module.css'
import { Section } from '../Section'
import type { SendEmailConfig } from './definition'
import { SendTest } from './SendTest'
import { formatOf, insertedAt, type Token, tokensFor } from './tokens'

type TextField = 'subject' | 'preheader' | 'body'

export function SendEmailForm(props: FormProps) {
  const { subject = '', preheader = '', body = '', purpose = 'marketing' } = props.node.config as SendEmailConfig
  const start = props.doc.nodes.find((node) => node.type === 'trigger.event')?.config.event
  const tokens = tokensFor(useFieldChoices(), usePropertyChoices(typeof start === 'string' ? start : ''))
  const bodyField = useRef<HTMLTextAreaElement>(null)
  const subjectField = useRef<HTMLInputElement>(null)
  const put = (field: TextField, text: string) => props.edit({ [field]: text }, field)

  const insert = (field: 'subject' | 'body', token: Token) => {
    const input = field === 'body' ? bodyField.current : subjectField.current
    const text = field === 'body' ? body : subject
    const end = text.length
    const inserted = insertedAt(text, token.text, input?.selectionStart ?? end, input?.selectionEnd ?? end)
    put(field, inserted.text)
    requestAnimationFrame(() => {
      input?.focus()
      input?.setSelectionRange(inserted.caret, inserted.caret)
    })
  }

  return (
    <div className={styles.form}>
      <TextInput
        ref={subjectField}
        label="Subject"
        placeholder="What the message is about"
        value={subject}
        error={errorAt(props, 'subject')}
        onChange={(event) => put('subject', event.currentTarget.value)}
        rightSection={<Tokens tokens={tokens} isSmall onChoose={(token) => insert('subject', token)} />}
      />
      <TextInput
        label="Preheader"
        description="The line inboxes show after the subject."
        value={preheader}
        error={errorAt(props, 'preheader')}
        onChange={(event) => put('preheader', event.currentTarget.value)}
      />
      <div className={`${styles.section} ${styles.editor}`}>
        <div className={styles.bodyHead}>
          <h3 className={styles.title}>Message</h3>
          <Tokens tokens={tokens} onChoose={(token) => insert('body', token)} />
        </div>
        <Textarea
          ref={bodyField}
          aria-label="Message"
          autosize
          minRows={12}
          maxRows={26}
          spellCheck={formatOf(body) === 'Plain text'}
          value={body}
          error={errorAt(props, 'body')}
          onChange={(event) => put('body', event.currentTarget.value)}
        />
        <p className={styles.hint}>
          Written as {formatOf(body)}. A text that starts with &lt;mjml is MJML, with &lt; HTML, anything else plain
          text.
        </p>
      </div>
      <SendTest journey={props.journey} node={props.node.id} save={props.save} body={body} />
      <Section
        title="Purpose"
        hint={
          purpose === 'transactional'
            ? 'People need this message, such as a receipt. It is sent to unsubscribed people too.'
            : 'Unsubscribed people don’t get it, and it carries an unsubscribe link.'
        }
      >
        <SegmentedControl
          size="xs"
          value={purpose}
          onChange={(value) => props.edit({ purpose: value }, 'purpose')}
          data={[
            { value: 'marketing', label: 'Marketing' },
            { value: 'transactional', label: 'Transactional' },
          ]}
        />
      </Section>
    </div>
  )
}

interface TokensProps {
  readonly tokens: readonly Token[]
  readonly isSmall?: boolean
  readonly onChoose: (token: Token) => void
}

/** The menu must not take the caret out of the text, so its items are chosen without focus. */
function Tokens({ tokens, isSmall = false, onChoose }: TokensProps) {
  return (
    <Menu position="bottom-end" shadow="md" returnFocus={false} withinPortal>
      <Menu.Target>
        <UnstyledButton
          className={styles.tokens}
          aria-label="Insert something personal"
          title="Insert something personal"
          data-small={isSmall}
        >
          <Icon name="person" size={15} />
          {!isSmall && 'Personal'}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        {tokens.map((token) => (
          <Menu.Item key={token.text} onClick={() => onChoose(token)}>
            {token.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
