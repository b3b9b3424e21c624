import '@xyflow/react/dist/base.css'
import { Button } from '@mantine/core'
import {
  Background,
  type Connection,
  type EdgeChange,
  type FinalConnectionState,
  MiniMap,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useStore as useFlowStore,
  useReactFlow,
} from '@xyflow/react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { canConnect, connect } from '../journey/commands/connect'
import { move } from '../journey/commands/move'
import { tidyUp } from '../journey/commands/tidyUp'
import type { Point } from '../journey/document'
import { type Geometry, geometryOf } from '../journey/geometry'
import { bounds } from '../journey/place'
import { rectOf } from '../journey/size'
import type { EditorStore } from '../journey/store'
import { kinds } from '../kinds/registry'
import type { Counts } from '../live/counts'
import styles from './Canvas.module.css'
import { ConnectionLine } from './ConnectionLine'
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
import { FlowDots } from './FlowDots'
import { openPortFor } from './gestures'
import { KeysDialog } from './KeysDialog'
import { byId, type Card, type Described, describe, type Line, toCards, toLines } from './mapping'
import { Palette } from './Palette'
import { QuickAdd } from './QuickAdd'
import { StepCard } from './StepCard'
import { StepLine } from './StepLine'
import { Toolbar } from './Toolbar'
import { type KeyHands, useKeys } from './useKeys'
import { intoView, showSelected } from './viewport'

const NODE_TYPES = { card: StepCard }
const EDGE_TYPES = { line: StepLine }
/** From here on only what is in view is drawn: painting five hundred cards costs more than finding the visible ones. */
const MANY = 150
/** Below this zoom words can't be read; the counts and the + are left out. */
const FAR = 0.4
const READABLE = 0.7
/** Px on the left that the palette lies over. */
const LEFT = 212

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

function WithGeometry({ children }: { children: React.ReactNode }) {
  const doc = useEditor(documentOf)
  const before = useRef<Geometry | null>(null)
  const geometry = useMemo(() => {
    before.current = geometryOf(doc, kinds, before.current)
    return before.current
  }, [doc])
  return <GeometryContext value={geometry}>{children}</GeometryContext>
}

/** The document and the view as the library's cards and lines; what did not change stays the same object. */
function useElements(): { cards: Card[]; lines: Line[] } {
  const doc = useEditor(documentOf)
  const selected = useEditor((editor) => editor.view.selected)
  const selectedEdges = useEditor((editor) => editor.view.selectedEdges)
  const dragged = useEditor((editor) => editor.view.dragged)
  const described = useRef<Described | null>(null)
  const oldCards = useRef(new Map<string, Card>())
  const oldLines = useRef(new Map<string, Line>())
  const said = useMemo(() => {
    described.current = describe(doc, kinds, described.current)
    return described.current
  }, [doc])
  const cards = useMemo(() => {
    const now = toCards(said, { selected, dragged }, oldCards.current)
    oldCards.current = byId(now)
    return now
  }, [said, selected, dragged])
  const lines = useMemo(() => {
    const now = toLines(doc, selectedEdges, kinds, oldLines.current)
    oldLines.current = byId(now)
    return now
  }, [doc, selectedEdges])
  return { cards, lines }
}

function Surface({ onSave }: { onSave: () => void }) {
  const { store, openMenu } = useTools()
  const flow = useReactFlow<Card, Line>()
  const area = useRef<HTMLDivElement>(null)
  const pointer = useRef<Point | null>(null)
  const { cards, lines } = useElements()
  const mode = useEditor((editor) => editor.view.mode)
  const focus = useEditor((editor) => editor.view.focus)
  const isFar = useFlowStore((state) => state.transform[2] < FAR)
  const [isMapOpen, setMapOpen] = useState(false)
  const [areKeysOpen, setKeysOpen] = useState(false)
  const [isReady, setReady] = useState(false)
  const isEditing = mode === 'edit'
  const isTouch = useMemo(() => window.matchMedia('(pointer: coarse)').matches, [])

  const showAll = useCallback(
    (ids?: readonly string[], duration = 240) => {
      // With nothing to show, the library would keep the wish and jump when the first card appears.
      if (documentOf(store.getState()).nodes.length === 0) return
      const nodes = ids && ids.length > 0 ? ids.map((id) => ({ id })) : undefined
      const padding = { top: '56px', bottom: '84px', left: `${LEFT}px`, right: '48px' } as const
      void flow.fitView({ nodes, padding, maxZoom: 1, minZoom: 0.2, duration })
    },
    [flow, store],
  )

  // Words have to be readable on opening: a tall journey shows its beginning, not a map of itself.
  const begin = useCallback(() => {
    const doc = documentOf(store.getState())
    const box = area.current?.getBoundingClientRect()
    if (!box || doc.nodes.length === 0) return
    const all = bounds(doc.nodes.map((node) => rectOf(doc, node, kinds)))
    const room = { width: box.width - LEFT - 48, height: box.height - 56 - 84 }
    const zoom = Math.min(1, room.width / all.width, room.height / all.height)
    if (zoom >= READABLE) {
      showAll(undefined, 0)
      return
    }
    const near = Math.min(1, Math.max(READABLE, room.width / all.width))
    const x = LEFT + (room.width - all.width * near) / 2 - all.x * near
    void flow.setViewport({ x: Math.max(x, LEFT - all.x * near), y: 48 - all.y * near, zoom: near })
  }, [store, flow, showAll])

  const middle = useCallback((): Point => {
    const box = area.current?.getBoundingClientRect()
    if (!box) return { x: 0, y: 0 }
    const at = pointer.current ?? { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    return flow.screenToFlowPosition(at)
  }, [flow])

  const tidy = useCallback(async () => {
    const { history, view, act } = store.getState()
    if (view.mode === 'live') return
    const change = await tidyUp(history.doc, view.selected, kinds)
    // Somebody may have drawn on while the layout was loaded; then it would be the layout of another journey.
    if (!change || documentOf(store.getState()) !== history.doc) return
    area.current?.setAttribute('data-settling', 'true')
    act(() => change)
    requestAnimationFrame(() => showAll())
    setTimeout(() => area.current?.removeAttribute('data-settling'), 320)
  }, [store, showAll])

  const quickAdd = useCallback(() => {
    if (store.getState().view.mode === 'live') return
    const box = area.current?.getBoundingClientRect()
    if (!box) return
    const at = openPortFor(store, geometryOf(documentOf(store.getState()), kinds, null))
    const isBusy = store.getState().view.selected.size > 0
    const screen = { x: box.x + box.width / 2, y: box.y + box.height * 0.22 }
    openMenu({ screen, at: isBusy ? at : null, middle: middle() })
  }, [store, openMenu, middle])

  const hands = useMemo<KeyHands>(
    () => ({
      store,
      flow,
      middle,
      onSave,
      onTidy: () => void tidy(),
      onFit: (ids) => showAll(ids),
      onQuickAdd: quickAdd,
      onMap: () => setMapOpen((isOpen) => !isOpen),
      onKeys: () => setKeysOpen(true),
    }),
    [store, flow, middle, onSave, tidy, showAll, quickAdd],
  )
  useKeys(hands)

  useEffect(() => {
    const [id] = store.getState().view.selected
    if (focus.count > 0 && id) intoView(store, flow, id)
  }, [focus, flow, store])

  const onNodesChange = useCallback(
    (changes: NodeChange<Card>[]) => {
      const { view, look, select } = store.getState()
      const places = changes.flatMap((change) =>
        change.type === 'position' && change.position ? [[change.id, change.position] as const] : [],
      )
      if (places.length > 0) look({ dragged: { ...view.dragged, ...Object.fromEntries(places) } })
      const selected = withChoices(view.selected, changes)
      if (selected !== view.selected) select(selected, store.getState().view.selectedEdges)
    },
    [store],
  )

  const onEdgesChange = useCallback(
    (changes: EdgeChange<Line>[]) => {
      const { view, select } = store.getState()
      const selected = withChoices(view.selectedEdges, changes)
      if (selected !== view.selectedEdges) select(view.selected, selected)
    },
    [store],
  )

  const onDragStop = useCallback(() => {
    const { view, look, act } = store.getState()
    const { dragged } = view
    act((doc) => move(doc, dragged))
    look({ dragged: {} })
  }, [store])

  const onConnect = useCallback(
    ({ source, sourceHandle, target }: Connection) => {
      store.getState().act((doc) => connect(doc, { from: source, port: sourceHandle ?? 'next' }, target, kinds))
    },
    [store],
  )

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      if (state.isValid || state.toNode || !state.fromNode || state.fromHandle?.type !== 'source') return
      const point = 'changedTouches' in event ? event.changedTouches[0] : event
      if (!point) return
      const screen = { x: point.clientX, y: point.clientY }
      const box = area.current?.getBoundingClientRect()
      if (!box || screen.x < box.left || screen.x > box.right || screen.y < box.top || screen.y > box.bottom) return
      const at = { from: state.fromNode.id, port: state.fromHandle.id ?? 'next' }
      openMenu({ screen, at, middle: flow.screenToFlowPosition(screen) })
    },
    [flow, openMenu],
  )

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
      <ReactFlow<Card, Line>
        className={styles.flow}
        data-ready={isReady}
        nodes={cards}
        edges={lines}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onNodeDragStop={onDragStop}
        onSelectionDragStop={onDragStop}
        onEdgesChange={onEdgesChange}
        onNodeDoubleClick={(_, node) => store.getState().focusOn(node.id, null)}
        onConnect={onConnect}
        onConnectEnd={onConnectEnd}
        isValidConnection={({ source, target }) => canConnect(documentOf(store.getState()), source, target, kinds)}
        connectionLineComponent={ConnectionLine}
        connectionRadius={60}
        onInit={() => {
          begin()
          requestAnimationFrame(() => setReady(true))
        }}
        nodesDraggable={isEditing}
        nodesConnectable={isEditing}
        nodesFocusable
        edgesFocusable={false}
        elementsSelectable
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={isTouch ? null : 'Shift'}
        multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
        selectionOnDrag={!isTouch && isEditing}
        selectionMode={SelectionMode.Partial}
        panOnDrag={isTouch || !isEditing ? true : [1, 2]}
        panOnScroll
        zoomOnDoubleClick={false}
        nodeDragThreshold={3}
        minZoom={0.15}
        maxZoom={1.75}
        onlyRenderVisibleElements={cards.length > MANY}
        elevateNodesOnSelect
        aria-label="Journey canvas"
      >
        <Background gap={22} size={1.6} />
        {isMapOpen && (
          <MiniMap<Card>
            pannable
            zoomable
            nodeColor={(node) => `var(--family-${node.data.family})`}
            nodeBorderRadius={24}
            maskColor="color-mix(in srgb, var(--page) 70%, transparent)"
          />
        )}
        <FlowDots />
      </ReactFlow>
      {isEditing && <Palette area={area} />}
      {cards.length === 0 && <EmptyCanvas isEditing={isEditing} />}
      {cards.length > 0 && <BackToContent onClick={() => showAll()} />}
      <Toolbar
        isMapOpen={isMapOpen}
        onMap={hands.onMap}
        onTidy={hands.onTidy}
        onFit={() => showAll()}
        onKeys={hands.onKeys}
      />
      <KeysDialog isOpen={areKeysOpen} onClose={() => setKeysOpen(false)} />
    </div>
  )
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

function BackToContent({ onClick }: { onClick: () => void }) {
  const isLost = useFlowStore(({ transform: [x, y, zoom], width, height, nodes }) => {
    if (width === 0) return false
    return nodes.every((node) => {
      const left = node.position.x * zoom + x
      const top = node.position.y * zoom + y
      return left > width || top > height || left + (node.width ?? 0) * zoom < 0 || top + (node.height ?? 0) * zoom < 0
    })
  })
  if (!isLost) return null
  return (
    <Button className={styles.back} size="compact-md" radius="xl" onClick={onClick}>
      Back to the journey
    </Button>
  )
}

/** The selection after the library's changes; the same set when they change nothing. */
function withChoices(
  selected: ReadonlySet<string>,
  changes: readonly { type: string; id?: string; selected?: boolean }[],
): ReadonlySet<string> {
  const choices = changes.filter((change) => change.type === 'select')
  if (choices.length === 0) return selected
  const next = new Set(selected)
  for (const { id, selected: isSelected } of choices) {
    if (id === undefined) continue
    if (isSelected) next.add(id)
    else next.delete(id)
  }
  return next
}
