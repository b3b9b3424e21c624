import { useEffect, useRef } from 'react'
import { useEditorState } from '../context'
import { LiveNode } from './LiveNode'
import { NodePanel } from './NodePanel'
import { Overview } from './Overview'
import styles from './panel.module.css'
import { SettingsPanel } from './SettingsPanel'
import { SeveralPanel } from './SeveralPanel'

/** What is selected, to the right of the canvas; with nothing selected, the journey itself. */
export function Panel() {
  const mode = useEditorState((editor) => editor.view.mode)
  const selected = useEditorState((editor) => editor.view.selected)
  const focus = useEditorState((editor) => editor.view.focus)
  const panel = useRef<HTMLElement>(null)
  const [only] = selected

  useEffect(() => {
    if (focus.count === 0) return
    const take = () => {
      panel.current?.querySelector<HTMLElement>('[data-form] :is(input, textarea, button):not([disabled])')?.focus()
    }
    // The form of a just selected step is drawn first, then its field can take the focus; and a dialog that closes gives
    // the focus back to its button a little later, which is not where the author wants to be.
    const frame = requestAnimationFrame(take)
    const late = setTimeout(() => {
      if (!panel.current?.contains(document.activeElement)) take()
    }, 350)
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(late)
    }
  }, [focus])

  return (
    <aside ref={panel} className={styles.panel} aria-label="Details" data-testid="panel">
      {mode === 'live' ? (
        only ? (
          <LiveNode key={only} id={only} />
        ) : (
          <Overview />
        )
      ) : selected.size > 1 ? (
        <SeveralPanel />
      ) : only ? (
        <NodePanel key={only} id={only} />
      ) : (
        <SettingsPanel />
      )}
    </aside>
  )
}
