/** Finding a place for new cards, and making room by moving others down. */
import { type JourneyDocument, type JourneyNode, nodeOf, type Point } from './document'
import { type Kinds, portsOf } from './kind'
import {
  CARD_HEIGHT,
  CARD_WIDTH,
  COLUMN_GAP,
  overlaps,
  portOffset,
  type Rect,
  ROW_GAP,
  rectOf,
  type Size,
} from './size'
import { downstream } from './walk'

export const GRID = 4

export function snapped(point: Point): Point {
  return { x: Math.round(point.x / GRID) * GRID, y: Math.round(point.y / GRID) * GRID }
}

/** How much room a card put down beside another is given. */
const BESIDE = 32

/** The place nearest to the wished one where a card of that size touches no other. */
export function freePlace(doc: JourneyDocument, wish: Point, size: Size, kinds: Kinds): Point {
  const taken = doc.nodes.map((node) => rectOf(doc, node, kinds))
  const isFree = (at: Point) =>
    taken.every((box) => !overlaps({ ...at, width: size.width, height: size.height }, box, 16))
  if (isFree(wish)) return snapped(wish)
  const above = (box: Rect) => box.y - size.height - ROW_GAP
  const below = (box: Rect) => box.y + box.height + ROW_GAP
  const left = (box: Rect) => box.x - size.width - BESIDE
  const right = (box: Rect) => box.x + box.width + BESIDE
  const rows = [wish.y, ...taken.flatMap((box) => [above(box), below(box)])]
  const columns = [wish.x, ...taken.flatMap((box) => [left(box), right(box)])]
  // Straight up, down or aside first; only in a crowd both at once.
  const straight = [...rows.map((y) => ({ x: wish.x, y })), ...columns.map((x) => ({ x, y: wish.y }))]
  const nearest = nearestOf(straight.filter(isFree), wish)
  if (nearest) return snapped(nearest)
  const crowd = rows.slice(0, 60).flatMap((y) => columns.slice(0, 60).map((x) => ({ x, y })))
  return snapped(nearestOf(crowd.filter(isFree), wish) ?? wish)
}

function nearestOf(places: readonly Point[], wish: Point): Point | null {
  const far = (at: Point) => Math.hypot(at.x - wish.x, at.y - wish.y)
  return places.reduce<Point | null>((best, at) => (best === null || far(at) < far(best) ? at : best), null)
}

/** Where a card that follows this port belongs: under it, fanned out when the node has several ways out. */
export function placeUnder(doc: JourneyDocument, from: string, port: string, size: Size, kinds: Kinds): Point {
  const node = nodeOf(doc, from) as JourneyNode
  const box = rectOf(doc, node, kinds)
  const ports = portsOf(doc, node, kinds)
  const index = Math.max(
    0,
    ports.findIndex((one) => one.id === port),
  )
  const fan = (index - (ports.length - 1) / 2) * Math.max(0, size.width + COLUMN_GAP)
  const middle = ports.length === 1 ? box.x + portOffset(0, 1, box.width) : box.x + box.width / 2 + fan
  return freePlace(doc, { x: middle - size.width / 2, y: box.y + box.height + ROW_GAP }, size, kinds)
}

/**
 * Move what comes after a new card down until it has room.
 *
 * Everything reachable from `next` and not above it moves by the same amount, so the picture keeps its shape; a card
 * beside the path that would be covered moves along.
 */
export function makeRoom(doc: JourneyDocument, inserted: string, next: string, kinds: Kinds): JourneyDocument {
  const card = nodeOf(doc, inserted)
  const after = nodeOf(doc, next)
  if (!card || !after) return doc
  const box = rectOf(doc, card, kinds)
  const by = box.y + box.height + ROW_GAP - after.position.y
  if (by <= 0) return doc
  const moving = downstream(doc, next)
  moving.delete(inserted)
  for (const node of doc.nodes) if (node.position.y < after.position.y) moving.delete(node.id)
  const rects = new Map(doc.nodes.map((node) => [node.id, rectOf(doc, node, kinds)]))
  const down = (id: string): Rect => {
    const rect = rects.get(id) as Rect
    return { ...rect, y: rect.y + by }
  }
  for (let pushed = true; pushed; ) {
    pushed = false
    for (const node of doc.nodes) {
      if (moving.has(node.id) || node.id === inserted) continue
      const still = rects.get(node.id) as Rect
      const isCovered = [...moving].some((id) => overlaps(down(id), still, 12)) || overlaps(box, still, 12)
      if (!isCovered) continue
      moving.add(node.id)
      pushed = true
    }
  }
  return moved(doc, new Map([...moving].map((id) => [id, { x: 0, y: by }])))
}

export function moved(doc: JourneyDocument, deltas: ReadonlyMap<string, Point>): JourneyDocument {
  const nodes = doc.nodes.map((node) => {
    const delta = deltas.get(node.id)
    if (!delta || (delta.x === 0 && delta.y === 0)) return node
    return { ...node, position: { x: node.position.x + delta.x, y: node.position.y + delta.y } }
  })
  return { ...doc, nodes }
}

/** The box around these cards; a card-sized one at the origin when there are none. */
export function bounds(rects: readonly Rect[]): Rect {
  if (rects.length === 0) return { x: 0, y: 0, width: CARD_WIDTH, height: CARD_HEIGHT }
  const x = Math.min(...rects.map((box) => box.x))
  const y = Math.min(...rects.map((box) => box.y))
  const right = Math.max(...rects.map((box) => box.x + box.width))
  const bottom = Math.max(...rects.map((box) => box.y + box.height))
  return { x, y, width: right - x, height: bottom - y }
}
