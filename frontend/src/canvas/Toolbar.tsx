import { Tooltip } from '@mantine/core'
import { useReactFlow, useStore } from '@xyflow/react'
import { Icon, type IconName } from '../app/icons'
import styles from './Canvas.module.css'
import { useEditor } from './context'

interface Props {
  readonly isMapOpen: boolean
  readonly onMap: () => void
  readonly onTidy: () => void
  readonly onFit: () => void
  readonly onKeys: () => void
}

export function Toolbar({ isMapOpen, onMap, onTidy, onFit, onKeys }: Props) {
  const flow = useReactFlow()
  const zoom = useStore((state) => Math.round(state.transform[2] * 100))
  const isEditing = useEditor((editor) => editor.view.mode === 'edit')
  const isSome = useEditor((editor) => editor.view.selected.size > 1)
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Canvas">
      <Tool icon="minus" label="Smaller" onClick={() => void flow.zoomOut({ duration: 160 })} />
      <button
        type="button"
        className={`${styles.tool} tabular`}
        style={{ minWidth: 56 }}
        aria-label={`Zoom ${zoom} %. Set to 100 %`}
        onClick={() => void flow.zoomTo(1, { duration: 180 })}
      >
        {zoom} %
      </button>
      <Tool icon="plus" label="Larger" onClick={() => void flow.zoomIn({ duration: 160 })} />
      <Tool icon="fit" label="Show everything (1)" onClick={onFit} />
      <span className={styles.rule} />
      {isEditing && (
        <Tooltip label={isSome ? 'Lay the selected steps out anew (T)' : 'Lay the journey out anew (T)'}>
          <button type="button" className={styles.tool} onClick={onTidy} data-testid="tidy">
            <Icon name="tidy" size={17} /> Tidy up
          </button>
        </Tooltip>
      )}
      <Tool icon="eye" label="Map (M)" onClick={onMap} isPressed={isMapOpen} />
      <Tool icon="question" label="Keys (?)" onClick={onKeys} />
    </div>
  )
}

interface ToolProps {
  readonly icon: IconName
  readonly label: string
  readonly onClick: () => void
  readonly isPressed?: boolean
}

function Tool({ icon, label, onClick, isPressed }: ToolProps) {
  return (
    <Tooltip label={label}>
      <button type="button" className={styles.tool} aria-label={label} aria-pressed={isPressed} onClick={onClick}>
        <Icon name={icon} size={17} />
      </button>
    </Tooltip>
  )
}
