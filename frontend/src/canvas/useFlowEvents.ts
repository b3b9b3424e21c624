import {
  type Connection,
  type Edge,
  type EdgeChange,
  type FinalConnectionState,
  type NodeChange,
  useReactFlow,
} from '@xyflow/react'
import { useMemo } from 'react'
import { canConnect, connect } from '../journey/commands/connect'
import { move } from '../journey/commands/move'
import { kinds } from '../kinds/registry'
import { documentOf, useTools } from './context'
import type { Card, Line } from './mapping'

/** What the library reports, turned into actions on the journey. The same object for good: it is handed to every card. */
export function useFlowEvents() {
  const { store, openMenu } = useTools()
  const flow = useReactFlow<Card, Line>()
  return useMemo(() => {
    const onNodesChange = (changes: NodeChange<Card>[]) => {
      const { view, look, select } = store.getState()
      const places = changes.flatMap((change) =>
        change.type === 'position' && change.position ? [[change.id, change.position] as const] : [],
      )
      if (places.length > 0) look({ dragged: { ...view.dragged, ...Object.fromEntries(places) } })
      const selected = withChoices(view.selected, changes)
      if (selected !== view.selected) select(selected, store.getState().view.selectedEdges)
    }

    const onEdgesChange = (changes: EdgeChange<Line>[]) => {
      const { view, select } = store.getState()
      const selected = withChoices(view.selectedEdges, changes)
      if (selected !== view.selectedEdges) select(view.selected, selected)
    }

    const onDragStop = () => {
      const { view, look, act } = store.getState()
      act((doc) => move(doc, view.dragged))
      look({ dragged: {} })
    }

    const onConnect = ({ source, sourceHandle, target }: Connection) => {
      store.getState().act((doc) => connect(doc, { from: source, port: sourceHandle ?? 'next' }, target, kinds))
    }

    /** A line let go over nothing asks what should come there. */
    const onConnectEnd = (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      if (state.isValid || state.toNode || !state.fromNode || state.fromHandle?.type !== 'source') return
      const point = 'changedTouches' in event ? event.changedTouches[0] : event
      if (!point || !(event.target instanceof Element)) return
      const screen = { x: point.clientX, y: point.clientY }
      if (!document.elementFromPoint(screen.x, screen.y)?.closest('.react-flow__pane')) return
      const at = { from: state.fromNode.id, port: state.fromHandle.id ?? 'next' }
      openMenu({ screen, at, middle: flow.screenToFlowPosition(screen) })
    }

    const isValidConnection = ({ source, target }: Connection | Edge) =>
      canConnect(documentOf(store.getState()), source, target, kinds)

    const onNodeDoubleClick = (_: unknown, node: Card) => store.getState().focusOn(node.id, null)

    return {
      onNodesChange,
      onEdgesChange,
      onNodeDragStop: onDragStop,
      onSelectionDragStop: onDragStop,
      onConnect,
      onConnectEnd,
      isValidConnection,
      onNodeDoubleClick,
    }
  }, [store, flow, openMenu])
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
