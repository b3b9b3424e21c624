/** Carrying a step from the palette with mouse, pen or finger, and what a single tap does instead. */
import type { ReactFlowInstance } from '@xyflow/react'
import { type At, addAt, addNode } from '../journey/commands/addNode'
import type { Point } from '../journey/document'
import { type Geometry, nearestPort, portFromKey } from '../journey/geometry'
import type { KindDefinition } from '../journey/kind'
import type { EditorStore } from '../journey/store'
import { readingOrder } from '../journey/walk'
import { kinds } from '../kinds/registry'
import { documentOf } from './context'
import type { Card, Line } from './mapping'
import { showSelected } from './viewport'

/** So far from a line, in px of the screen, a carried step still finds it. */
const REACH = 56
/** A press that moves less than this is a tap. */
const SLACK = 5

export interface CarryPlace {
  readonly store: EditorStore
  readonly geometry: () => Geometry
  readonly flow: ReactFlowInstance<Card, Line>
  /** The canvas itself: dropping outside of it puts the step back. */
  readonly area: () => DOMRect | undefined
}

/** Follow the pointer from a palette item. `onGhost` is told where to draw the carried card; null when it is put down. */
export function carry(
  kind: KindDefinition,
  start: PointerEvent,
  place: CarryPlace,
  onGhost: (at: Point | null) => void,
): void {
  let isCarrying = false
  const { store, flow } = place

  const target = (event: PointerEvent): At | null => {
    if (kind.family === 'trigger' || !isOver(place.area(), event)) return null
    const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false })
    const key = nearestPort(place.geometry(), point, REACH / flow.getZoom())
    return key === null ? null : portFromKey(key)
  }

  const move = (event: PointerEvent) => {
    if (event.pointerId !== start.pointerId) return
    if (!isCarrying && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < SLACK) return
    isCarrying = true
    event.preventDefault()
    store.getState().look({ carried: { type: kind.type, over: target(event) } })
    onGhost({ x: event.clientX, y: event.clientY })
  }

  const drop = (event: PointerEvent) => {
    if (event.pointerId !== start.pointerId) return
    stop()
    if (!isCarrying || event.type === 'pointercancel' || !isOver(place.area(), event)) return
    const at = target(event)
    const middle = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false })
    store.getState().act((doc) => (at ? addAt(doc, kind, at, kinds) : addNode(doc, kind, middle, kinds)))
    showSelected(store, flow)
    window.addEventListener('click', swallow, { capture: true, once: true })
    setTimeout(() => window.removeEventListener('click', swallow, { capture: true }))
  }

  const abandon = (event: KeyboardEvent) => {
    if (event.key === 'Escape') stop()
  }

  function stop() {
    window.removeEventListener('pointermove', move)
    window.removeEventListener('pointerup', drop)
    window.removeEventListener('pointercancel', drop)
    window.removeEventListener('keydown', abandon, true)
    store.getState().look({ carried: null })
    onGhost(null)
  }

  window.addEventListener('pointermove', move, { passive: false })
  window.addEventListener('pointerup', drop)
  window.addEventListener('pointercancel', drop)
  window.addEventListener('keydown', abandon, true)
}

/** The click that ends a drag must not also be a tap on the palette item. */
function swallow(event: Event) {
  event.stopPropagation()
  event.preventDefault()
}

function isOver(area: DOMRect | undefined, event: PointerEvent): boolean {
  if (!area) return false
  const { clientX: x, clientY: y } = event
  return x > area.left && x < area.right && y > area.top && y < area.bottom
}

/**
 * Where a tapped step goes: the selected card's first open port, else the only open port there is, else the last one in
 * reading order; with none open, free on the canvas.
 */
export function openPortFor(store: EditorStore, geometry: Geometry): At | null {
  const { view } = store.getState()
  const doc = documentOf(store.getState())
  const open = [...geometry.stubs.keys()].map(portFromKey)
  const ofSelected = open.find((at) => view.selected.has(at.from))
  if (ofSelected) return ofSelected
  const order = readingOrder(doc, kinds)
  const sorted = open.sort((a, b) => order.indexOf(a.from) - order.indexOf(b.from))
  return sorted.at(-1) ?? null
}

export function addTapped(kind: KindDefinition, store: EditorStore, geometry: Geometry, middle: Point): void {
  const at = kind.family === 'trigger' ? null : openPortFor(store, geometry)
  store.getState().act((doc) => (at ? addAt(doc, kind, at, kinds) : addNode(doc, kind, middle, kinds)))
}
