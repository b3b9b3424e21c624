import { Button } from '@mantine/core'
import { useCallback } from 'react'
import { Icon } from '../../../app/icons'
import { duplicate } from '../../../journey/commands/clipboard'
import { editConfig, renameNode } from '../../../journey/commands/edit'
import { remove } from '../../../journey/commands/remove'
import { type Config, nodeOf } from '../../../journey/document'
import { familyOf, sentenceOf } from '../../../journey/kind'
import { standing } from '../../../journey/problem'
import { FORMS } from '../../../kinds/forms'
import { iconOf } from '../../../kinds/icons'
import { kinds } from '../../../kinds/registry'
import { useEditorState, usePlace } from '../context'
import { Head } from './Head'
import styles from './panel.module.css'

const NONE: readonly never[] = []

/** The selected step: what it is called, its form, what can be done with it. */
export function NodePanel({ id }: { id: string }) {
  const { store, autosave, journey } = usePlace()
  const doc = useEditorState((editor) => editor.history.doc)
  const problems = useEditorState((editor) => editor.view.problems.byNode.get(id)) ?? NONE
  const checked = useEditorState((editor) => editor.view.checked)
  const node = nodeOf(doc, id)
  const edit = useCallback(
    (patch: Config, field: string) => {
      store.getState().act((now) => editConfig(now, id, patch, field, kinds))
    },
    [store, id],
  )
  if (!node) return null
  const kind = kinds(node.type)
  const family = familyOf(node.type, kinds)
  const Form = FORMS[node.type]
  const act = store.getState().act
  return (
    <>
      <Head icon={iconOf(node.type, family)} family={family} kind={kind?.title ?? node.type}>
        <input
          className={styles.rename}
          aria-label="Name of this step"
          title="Give this step a name of its own"
          value={node.name ?? ''}
          placeholder={sentenceOf(doc, { ...node, name: undefined }, kinds)}
          maxLength={200}
          onChange={(event) => act((now) => renameNode(now, id, event.target.value))}
          onKeyDown={(event) => {
            if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
          }}
        />
      </Head>
      <div className={styles.body}>
        {kind && <p className={styles.help}>{kind.help}</p>}
        <div data-form>
          {Form ? (
            <Form
              node={node}
              doc={doc}
              journey={journey.id}
              problems={standing(problems, node.config, checked ? nodeOf(checked, id)?.config : undefined)}
              edit={edit}
              save={autosave.flush}
            />
          ) : (
            <Foreign config={node.config} />
          )}
        </div>
        <div className={styles.foot}>
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="copy" size={14} />}
            onClick={() => act((now) => duplicate(now, new Set([id]), kinds))}
          >
            Duplicate
          </Button>
          <Button
            variant="subtle"
            color="var(--bad)"
            size="xs"
            leftSection={<Icon name="trash" size={14} />}
            onClick={() => act((now) => remove(now, [id], kinds))}
            data-testid="delete-step"
          >
            Delete
          </Button>
        </div>
      </div>
    </>
  )
}

/** A kind this program has no form for: shown and kept, not edited. */
function Foreign({ config }: { config: Config }) {
  return (
    <>
      <p className={styles.help}>This kind of step can’t be edited here. It is kept as it is.</p>
      <pre className={styles.raw}>{JSON.stringify(config, null, 2)}</pre>
    </>
  )
}
