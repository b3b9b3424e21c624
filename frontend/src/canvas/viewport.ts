/** Moving the canvas just as far as needed. */
import type { ReactFlowInstance } from '@xyflow/react'
import { nodeOf } from '../journey/document'
import { rectOf } from '../journey/size'
import type { EditorStore } from '../journey/store'
import { kinds } from '../kinds/registry'
import { documentOf } from './context'
import type { Card, Line } from './mapping'

/** Px kept free around a card that is brought into view; on the left and below lie the palette and the toolbar. */
const MARGIN = 40
const PALETTE = 188
const TOOLBAR = 64

type Flow = ReactFlowInstance<Card, Line>

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
  const dx = shift(left, left + box.width * zoom, MARGIN + PALETTE, area.width - MARGIN)
  const dy = shift(top, top + box.height * zoom, MARGIN, area.height - MARGIN - TOOLBAR)
  if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 220 })
}

function shift(start: number, end: number, low: number, high: number): number {
  if (start < low) return low - start
  return end > high ? Math.max(high - end, low - start) : 0
}

/** Bring what was just added or found into view. */
export function showSelected(store: EditorStore, flow: Flow): void {
  const { selected } = store.getState().view
  const [only] = selected
  if (only !== undefined && selected.size === 1) intoView(store, flow, only)
}
