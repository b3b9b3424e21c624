import { Handle, Position } from '@xyflow/react'
import { Icon } from '../app/icons'
import { useEditor, useTools } from './context'
import type { CardPort } from './mapping'
import styles from './PortHandle.module.css'

interface Props {
  readonly node: string
  readonly port: CardPort
  readonly index: number
  readonly count: number
}

/** A way out: drag it to another card. An open one shows a short line that ends in a +. */
export function PortHandle({ node, port, index, count }: Props) {
  const { openMenu } = useTools()
  const isEditing = useEditor((editor) => editor.view.mode === 'edit')
  const carried = useEditor((editor) => editor.view.carried)
  const isOver = carried?.over?.from === node && carried.over.port === port.id
  const way = port.label ? `“${port.label}”` : 'the next step'
  return (
    <Handle
      id={port.id}
      type="source"
      position={Position.Bottom}
      className={styles.handle}
      style={{ left: `${((index + 0.5) / count) * 100}%` }}
      isConnectable={isEditing}
      data-testid={`port-${node}-${port.id}`}
      data-open={port.isOpen && isEditing}
    >
      <span className={styles.dot} />
      {port.isOpen && isEditing && (
        <span className={styles.stub} data-over={isOver} data-carrying={carried !== null}>
          <button
            type="button"
            tabIndex={-1}
            className={styles.plus}
            aria-label={`Add a step: ${way}`}
            data-testid={`add-${node}-${port.id}`}
            onClick={(event) => {
              event.stopPropagation()
              const box = event.currentTarget.getBoundingClientRect()
              const screen = { x: box.x + box.width / 2, y: box.bottom }
              openMenu({ screen, at: { from: node, port: port.id }, middle: { x: 0, y: 0 } })
            }}
          >
            <Icon name="plus" size={15} />
          </button>
        </span>
      )}
    </Handle>
  )
}
