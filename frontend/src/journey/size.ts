/** How large a card is drawn. Fixed sizes let layout, routes and drop zones be worked out without a browser. */
import type { JourneyDocument, JourneyNode, Point } from './document'
import { type Kinds, type Port, portsOf } from './kind'

export const CARD_WIDTH = 264
export const CARD_HEIGHT = 68
/** The row of port words under a card with several ways out. */
export const PORTS_HEIGHT = 28
const PORT_WIDTH = 104
/** Between one row of cards and the next: room for a count, a + and the turn of the edge. */
export const ROW_GAP = 84
export const COLUMN_GAP = 56

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Rect extends Point, Size {}

export function sizeFor(ports: readonly Port[]): Size {
  if (ports.length < 2) return { width: CARD_WIDTH, height: CARD_HEIGHT }
  return { width: Math.max(CARD_WIDTH, ports.length * PORT_WIDTH), height: CARD_HEIGHT + PORTS_HEIGHT }
}

export function sizeOf(doc: JourneyDocument, node: JourneyNode, kinds: Kinds): Size {
  return sizeFor(portsOf(doc, node, kinds))
}

export function rectOf(doc: JourneyDocument, node: JourneyNode, kinds: Kinds): Rect {
  return { ...node.position, ...sizeOf(doc, node, kinds) }
}

/** Where a port sits on the lower edge of its card, from the card's left: evenly spread. */
export function portOffset(index: number, count: number, width: number): number {
  return ((index + 0.5) * width) / Math.max(count, 1)
}

export function overlaps(a: Rect, b: Rect, margin = 0): boolean {
  return (
    a.x < b.x + b.width + margin &&
    b.x < a.x + a.width + margin &&
    a.y < b.y + b.height + margin &&
    b.y < a.y + a.height + margin
  )
}
