/** Moving the canvas just as far as needed. */
import type { ReactFlowInstance } from '@xyflow/react'
import { nodeOf, type Point } from '../journey/document'
import { bounds } from '../journey/place'
import { rectOf } from '../journey/size'
import type { EditorStore } from '../journey/store'
import { kinds } from '../kinds/registry'
import { documentOf } from './context'
import type { Card, Line } from './mapping'

/** Px kept free around a card that is brought into view; on the left and below lie the palette and the toolbar. */
const MARGIN = 40
const PALETTE = 188
/** Narrower than this the palette is not drawn. */
const NARROW = 900
const TOOLBAR = 64
const READABLE = 0.7

type Flow = ReactFlowInstance<Card, Line>

/** Px on the left that something lies over. */
function covered(): number {
  return window.innerWidth > NARROW ? PALETTE : 0
}

/** The places come from the document, not from the library: a card just added is not drawn yet. */
export function intoView(store: EditorStore, flow: Flow, id: string): void {
  const doc = documentOf(store.getState())
  const node = nodeOf(doc, id)
  const area = document.querySelector('[data-canvas]')?.getBoundingClientRect()
  if (!node || !area) return
  const box = rectOf(doc, node, kinds)
  const { x, y, zoom } = flow.getViewport()
  const left = box.x * zoom + x
  const top = box.y * zoom + y
  const dx = shift(left, left + box.width * zoom, MARGIN + covered(), area.width - MARGIN)
  const dy = shift(top, top + box.height * zoom, MARGIN, area.height - MARGIN - TOOLBAR)
  if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 220 })
}

function shift(start: number, end: number, low: number, high: number): number {
  if (start < low) return low - start
  return end > high ? Math.max(high - end, low - start) : 0
}

/** Everything, or the steps named, as large as it fits beside the palette. */
export function showAll(store: EditorStore, flow: Flow, ids: readonly string[] = [], duration = 240): void {
  // With nothing to show, the library would keep the wish and jump when the first card appears.
  if (documentOf(store.getState()).nodes.length === 0) return
  const nodes = ids.length > 0 ? ids.map((id) => ({ id })) : undefined
  const padding = { top: '56px', bottom: '84px', left: `${covered() + 24}px`, right: '24px' } as const
  void flow.fitView({ nodes, padding, maxZoom: 1, minZoom: 0.15, duration })
}

/** The first look. Words have to be readable: a tall journey shows its beginning, not a map of itself. */
export function begin(store: EditorStore, flow: Flow, duration = 0): void {
  const doc = documentOf(store.getState())
  const area = document.querySelector('[data-canvas]')?.getBoundingClientRect()
  if (!area || doc.nodes.length === 0) return
  const all = bounds(doc.nodes.map((node) => rectOf(doc, node, kinds)))
  const free = covered() + 24
  const room = { width: area.width - free - 24, height: area.height - 56 - 84 }
  if (Math.min(room.width / all.width, room.height / all.height) >= READABLE) {
    showAll(store, flow, [], duration)
    return
  }
  const zoom = Math.min(1, Math.max(READABLE, room.width / all.width))
  const x = free + (room.width - all.width * zoom) / 2 - all.x * zoom
  void flow.setViewport({ x: Math.max(x, free - all.x * zoom), y: 48 - all.y * zoom, zoom }, { duration })
}

/** Where a journey's first step belongs: at the top, in the middle of what the palette leaves free. */
export function beginning(flow: Flow): Point {
  const area = document.querySelector('[data-canvas]')?.getBoundingClientRect()
  if (!area) return { x: 0, y: 0 }
  return flow.screenToFlowPosition({ x: area.x + (covered() + area.width) / 2, y: area.y + 110 })
}

/** Bring what was just added or found into view. */
export function showSelected(store: EditorStore, flow: Flow): void {
  const { selected } = store.getState().view
  const [only] = selected
  if (only !== undefined && selected.size === 1) intoView(store, flow, only)
}
