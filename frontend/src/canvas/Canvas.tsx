import { ReactFlowProvider, useStore as useFlowStore, useReactFlow } from '@xyflow/react'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { tidyUp } from '../journey/commands/tidyUp'
import type { Point } from '../journey/document'
import { geometryOf } from '../journey/geometry'
import type { EditorStore } from '../journey/store'
import { kinds } from '../kinds/registry'
import type { Counts } from '../live/counts'
import { BackToContent } from './BackToContent'
import styles from './Canvas.module.css'
import {
  type CanvasTools,
  documentOf,
  GeometryContext,
  type MenuPlace,
  ToolsContext,
  useEditor,
  useTools,
} from './context'
import { EmptyCanvas } from './EmptyCanvas'
import { Flow } from './Flow'
import { openPortFor } from './gestures'
import { KeysDialog } from './KeysDialog'
import type { Card, Line } from './mapping'
import { Palette } from './Palette'
import { QuickAdd } from './QuickAdd'
import { Toolbar } from './Toolbar'
import { useDocumentGeometry } from './useElements'
import { type KeyHands, useKeys } from './useKeys'
import { begin, intoView, showAll, showSelected } from './viewport'

/** Below this zoom words can't be read; the counts and the + are left out. */
const FAR = 0.4

interface Props {
  readonly store: EditorStore
  readonly counts: Counts
  readonly hasCounts: boolean
  readonly onSave: () => void
  readonly onAskWho: (node: string) => void
}

export function Canvas({ store, counts, hasCounts, onSave, onAskWho }: Props) {
  const [menu, setMenu] = useState<MenuPlace | null>(null)
  const tools = useMemo<CanvasTools>(
    () => ({ store, counts, hasCounts, openMenu: setMenu, askWho: onAskWho }),
    [store, counts, hasCounts, onAskWho],
  )
  const closeMenu = useCallback(() => setMenu(null), [])
  return (
    <ToolsContext value={tools}>
      <ReactFlowProvider>
        <WithGeometry>
          <Surface onSave={onSave} />
        </WithGeometry>
        {menu && <Menu place={menu} onClose={closeMenu} />}
      </ReactFlowProvider>
    </ToolsContext>
  )
}

function Menu({ place, onClose }: { place: MenuPlace; onClose: () => void }) {
  const { store } = useTools()
  const flow = useReactFlow<Card, Line>()
  return <QuickAdd place={place} onClose={onClose} onAdded={() => showSelected(store, flow)} />
}

function WithGeometry({ children }: { children: ReactNode }) {
  return <GeometryContext value={useDocumentGeometry()}>{children}</GeometryContext>
}

/** The canvas and what floats over it. Nothing here changes while a card is dragged. */
function Surface({ onSave }: { onSave: () => void }) {
  const { store } = useTools()
  const flow = useReactFlow<Card, Line>()
  const area = useRef<HTMLDivElement>(null)
  const pointer = useRef<Point | null>(null)
  const mode = useEditor((editor) => editor.view.mode)
  const focus = useEditor((editor) => editor.view.focus)
  const isEmpty = useEditor((editor) => editor.history.doc.nodes.length === 0)
  const isFar = useFlowStore((state) => state.transform[2] < FAR)
  const [isMapOpen, setMapOpen] = useState(false)
  const [areKeysOpen, setKeysOpen] = useState(false)
  const hands = useHands({ area, pointer, onSave, setMapOpen, setKeysOpen })
  useKeys(hands)

  useEffect(() => {
    const [id] = store.getState().view.selected
    if (focus.count > 0 && id) intoView(store, flow, id)
  }, [focus, flow, store])

  return (
    <div
      ref={area}
      className={`${styles.canvas} ${isFar ? 'far' : ''}`}
      data-canvas
      data-mode={mode}
      data-testid="canvas"
      onPointerMove={(event) => {
        pointer.current = { x: event.clientX, y: event.clientY }
      }}
      onPointerLeave={() => {
        pointer.current = null
      }}
    >
      <Arrow />
      <Flow isMapOpen={isMapOpen} />
      {mode === 'edit' && <Palette area={area} />}
      {isEmpty ? <EmptyCanvas isEditing={mode === 'edit'} /> : <BackToContent onClick={() => hands.onFit()} />}
      <Toolbar
        isMapOpen={isMapOpen}
        onMap={hands.onMap}
        onTidy={hands.onTidy}
        onFit={() => hands.onFit()}
        onKeys={hands.onKeys}
      />
      <KeysDialog isOpen={areKeysOpen} onClose={() => setKeysOpen(false)} />
    </div>
  )
}

interface Reach {
  readonly area: React.RefObject<HTMLDivElement | null>
  readonly pointer: React.RefObject<Point | null>
  readonly onSave: () => void
  readonly setMapOpen: React.Dispatch<React.SetStateAction<boolean>>
  readonly setKeysOpen: React.Dispatch<React.SetStateAction<boolean>>
}

/** What keys and buttons of the canvas do. */
function useHands({ area, pointer, onSave, setMapOpen, setKeysOpen }: Reach): KeyHands {
  const { store, openMenu } = useTools()
  const flow = useReactFlow<Card, Line>()
  return useMemo<KeyHands>(() => {
    const middle = (): Point => {
      const box = area.current?.getBoundingClientRect()
      if (!box) return { x: 0, y: 0 }
      return flow.screenToFlowPosition(pointer.current ?? { x: box.x + box.width / 2, y: box.y + box.height / 2 })
    }
    const tidy = () => {
      const { act, view } = store.getState()
      if (act((doc) => tidyUp(doc, view.selected, kinds))) requestAnimationFrame(() => begin(store, flow, 240))
    }
    const quickAdd = () => {
      const box = area.current?.getBoundingClientRect()
      if (!box || store.getState().view.mode === 'live') return
      const isBusy = store.getState().view.selected.size > 0
      const geometry = geometryOf(documentOf(store.getState()), kinds, null)
      const screen = { x: box.x + box.width / 2, y: box.y + box.height * 0.22 }
      openMenu({ screen, at: isBusy ? openPortFor(store, geometry) : null, middle: middle() })
    }
    return {
      store,
      flow,
      middle,
      onSave,
      onTidy: tidy,
      onFit: (ids) => showAll(store, flow, ids),
      onQuickAdd: quickAdd,
      onMap: () => setMapOpen((isOpen) => !isOpen),
      onKeys: () => setKeysOpen(true),
    }
  }, [store, flow, openMenu, area, pointer, onSave, setMapOpen, setKeysOpen])
}

/** The one arrow head all lines share. */
function Arrow() {
  return (
    <svg className={styles.markers} aria-hidden="true">
      <defs>
        <marker id="arrow" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="5" markerHeight="5" orient="auto">
          <path d="M1 1 L8 5 L1 9" fill="none" stroke="context-stroke" strokeWidth="1.8" strokeLinecap="round" />
        </marker>
      </defs>
    </svg>
  )
}
