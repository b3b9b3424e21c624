import { Drawer } from '@mantine/core'
import { useState } from 'react'
import { Icon } from '../../app/icons'
import { nodeOf } from '../../journey/document'
import { sentenceOf } from '../../journey/kind'
import type { Problem } from '../../journey/problem'
import { kinds } from '../../kinds/registry'
import { useEditorState, usePlace } from './context'
import styles from './editor.module.css'

/** "Ready" or "3 problems"; opens the list. */
export function ProblemsButton() {
  const { autosave, check } = usePlace()
  const problems = useEditorState((editor) => editor.view.problems)
  const [isOpen, setOpen] = useState(false)
  const tone = problems.errors > 0 ? 'bad' : problems.warnings > 0 ? 'warn' : 'good'
  const count = problems.list.length
  const open = async () => {
    setOpen(true)
    await autosave.flush()
    await check()
  }
  return (
    <>
      <button
        type="button"
        className={styles.problems}
        data-tone={tone}
        data-testid="problems"
        onClick={() => void open()}
      >
        <Icon name={count === 0 ? 'check' : 'warning'} size={16} />
        {count === 0 ? 'Check' : count === 1 ? '1 problem' : `${count} problems`}
      </button>
      <Drawer
        opened={isOpen}
        onClose={() => setOpen(false)}
        position="right"
        size={420}
        title={<strong>{count === 0 ? 'Nothing is in the way' : 'Before this can be published'}</strong>}
      >
        {count === 0 ? (
          <p className="muted">Every step is complete and every way leads somewhere.</p>
        ) : (
          <ProblemList onGo={() => setOpen(false)} />
        )}
      </Drawer>
    </>
  )
}

/** Errors first; a click selects the step, shows it and opens its form. */
export function ProblemList({ onGo }: { onGo: () => void }) {
  const { store } = usePlace()
  const list = useEditorState((editor) => editor.view.problems.list)
  const doc = useEditorState((editor) => editor.history.doc)
  const sorted = [...list].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))
  const place = (problem: Problem) => {
    const node = problem.node === null ? undefined : nodeOf(doc, problem.node)
    return node ? sentenceOf(doc, node, kinds) : 'The journey'
  }
  return (
    <ul className={styles.problemList} data-testid="problem-list">
      {sorted.map((problem) => (
        <li key={`${problem.code}:${problem.node}:${problem.field}:${problem.message}`}>
          <button
            type="button"
            className={styles.problem}
            data-severity={problem.severity}
            onClick={() => {
              onGo()
              store.getState().look({ mode: 'edit' })
              store.getState().focusOn(problem.node, problem.field)
            }}
          >
            <Icon name="warning" size={17} className={styles.problemIcon} />
            <span className={styles.problemPlace}>{place(problem)}</span>
            <span className={styles.problemMessage}>{problem.message}</span>
            {problem.fix && <span className={styles.problemFix}>{problem.fix}</span>}
          </button>
        </li>
      ))}
    </ul>
  )
}
