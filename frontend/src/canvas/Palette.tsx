import { useReactFlow } from '@xyflow/react'
import { useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { Icon } from '../app/icons'
import type { Point } from '../journey/document'
import type { KindDefinition } from '../journey/kind'
import { iconOf } from '../kinds/icons'
import { FAMILY_TITLES, KINDS } from '../kinds/registry'
import { documentOf, useEditor, useGeometry, useTools } from './context'
import { addTapped, carry } from './gestures'
import type { Card, Line } from './mapping'
import styles from './Palette.module.css'
import { beginning, showSelected } from './viewport'

/** Every step there is: drag one to its place, or tap it to add it where the path ends. */
export function Palette({ area }: { area: React.RefObject<HTMLDivElement | null> }) {
  const isOver = useEditor((editor) => editor.view.carried?.over != null)
  const [ghost, setGhost] = useState<{ kind: KindDefinition; at: Point } | null>(null)
  const { store } = useTools()
  const flow = useReactFlow<Card, Line>()
  const geometry = useGeometry()
  const latest = useRef(geometry)
  latest.current = geometry

  const pick = (kind: KindDefinition, event: React.PointerEvent) => {
    if (event.button !== 0) return
    const place = { store, flow, geometry: () => latest.current, area: () => area.current?.getBoundingClientRect() }
    carry(kind, event.nativeEvent, place, (at) => setGhost(at && { kind, at }))
  }

  const tap = (kind: KindDefinition) => {
    const box = area.current?.getBoundingClientRect()
    if (!box) return
    const isFirst = documentOf(store.getState()).nodes.length === 0
    const center = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    const middle = isFirst ? beginning(flow) : flow.screenToFlowPosition(center)
    addTapped(kind, store, latest.current, middle)
    showSelected(store, flow)
  }

  return (
    <aside className={styles.palette} aria-label="Steps to add">
      {KINDS.map((kind, index) => (
        <div key={kind.type}>
          {kind.family !== KINDS[index - 1]?.family && (
            <div className={styles.family}>{FAMILY_TITLES[kind.family]}</div>
          )}
          <button
            type="button"
            className={styles.item}
            data-family={kind.family}
            data-testid={`palette-${kind.type}`}
            title={kind.help}
            onPointerDown={(event) => pick(kind, event)}
            onClick={() => tap(kind)}
          >
            <span className={styles.tile}>
              <Icon name={iconOf(kind.type, kind.family)} size={16} />
            </span>
            {kind.title}
          </button>
        </div>
      ))}
      {ghost && createPortal(<Ghost {...ghost} isOver={isOver} />, document.body)}
    </aside>
  )
}

/** The card in the hand; over a line it steps back, because the line shows where it goes. */
function Ghost({ kind, at, isOver }: { kind: KindDefinition; at: Point; isOver: boolean }) {
  return (
    <div
      className={styles.ghost}
      data-family={kind.family}
      data-over={isOver}
      style={{ left: at.x, top: at.y }}
      aria-hidden="true"
    >
      <span className={styles.tile}>
        <Icon name={iconOf(kind.type, kind.family)} size={18} />
      </span>
      {kind.title}
    </div>
  )
}
