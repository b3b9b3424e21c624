import '@xyflow/react/dist/base.css'
import { Background, MiniMap, ReactFlow, SelectionMode, useReactFlow } from '@xyflow/react'
import { memo, useCallback, useMemo, useState } from 'react'
import styles from './Canvas.module.css'
import { ConnectionLine } from './ConnectionLine'
import { useEditor, useTools } from './context'
import { FlowDots } from './FlowDots'
import type { Card, Line } from './mapping'
import { StepCard } from './StepCard'
import { StepLine } from './StepLine'
import { useElements } from './useElements'
import { useFlowEvents } from './useFlowEvents'
import { begin } from './viewport'

// All of these are handed to the library by reference: a new array each time would set up everything anew.
const NODE_TYPES = { card: StepCard }
const EDGE_TYPES = { line: StepLine }
const MORE_KEYS = ['Shift', 'Meta', 'Control']
const MIDDLE_AND_RIGHT = [1, 2]
/** From here on only what is in view is drawn: painting five hundred cards costs more than finding the visible ones. */
const MANY = 150

/** Cards and lines. Drawn anew with every frame of a drag, and therefore apart from everything that is not. */
export const Flow = memo(function Flow({ isMapOpen }: { isMapOpen: boolean }) {
  const { store } = useTools()
  const flow = useReactFlow<Card, Line>()
  const { cards, lines } = useElements()
  const events = useFlowEvents()
  const isEditing = useEditor((editor) => editor.view.mode === 'edit')
  const isTouch = useMemo(() => window.matchMedia('(pointer: coarse)').matches, [])
  const [isReady, setReady] = useState(false)
  const onInit = useCallback(() => {
    begin(store, flow)
    requestAnimationFrame(() => setReady(true))
  }, [store, flow])
  return (
    <ReactFlow<Card, Line>
      className={styles.flow}
      data-ready={isReady}
      nodes={cards}
      edges={lines}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      {...events}
      onInit={onInit}
      connectionLineComponent={ConnectionLine}
      connectionRadius={60}
      nodesDraggable={isEditing}
      nodesConnectable={isEditing}
      nodesFocusable
      edgesFocusable={false}
      elementsSelectable
      disableKeyboardA11y
      deleteKeyCode={null}
      selectionKeyCode={isTouch ? null : 'Shift'}
      multiSelectionKeyCode={MORE_KEYS}
      selectionOnDrag={!isTouch && isEditing}
      selectionMode={SelectionMode.Partial}
      panOnDrag={isTouch || !isEditing ? true : MIDDLE_AND_RIGHT}
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
      {isMapOpen && <SmallMap />}
      <FlowDots />
    </ReactFlow>
  )
})

const colorOf = (card: Card) => `var(--family-${card.data.family})`

function SmallMap() {
  return (
    <MiniMap<Card>
      pannable
      zoomable
      nodeColor={colorOf}
      nodeBorderRadius={24}
      maskColor="color-mix(in srgb, var(--page) 70%, transparent)"
    />
  )
}
