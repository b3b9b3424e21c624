/**
 * The way an edge takes: straight lines with right angles, from a port down to the top of the next card, past the cards
 * in between.
 *
 * The first piece always runs down from the port and is long enough for the count and the +, so that two edges' words
 * never meet: a port has one edge. The turn is near the target, where edges that merge share their last piece.
 */
import type { Point } from './document'
import type { Rect } from './size'

const LEAVE = 58
const ARRIVE = 20
const CLEAR = 18

/** The corner points of the way, first and last included. */
export function route(from: Point, to: Point, obstacles: readonly Rect[]): Point[] {
  if (to.y - from.y < ARRIVE + 8) return around(from, to, obstacles)
  if (Math.abs(from.x - to.x) < 1 && isFree(from.x, from.y + 1, to.y - 1, obstacles)) return [from, to]
  const turn = to.y - ARRIVE
  const leave = Math.min(turn, from.y + LEAVE)
  if (isFree(from.x, from.y + 1, turn, obstacles)) return tidy([from, { x: from.x, y: turn }, { x: to.x, y: turn }, to])
  const corridor = freeColumn(from.x, to.x, leave, turn, obstacles)
  return tidy([
    from,
    { x: from.x, y: leave },
    { x: corridor, y: leave },
    { x: corridor, y: turn },
    { x: to.x, y: turn },
    to,
  ])
}

/** A way back up: out below, up along the side, in from above. */
function around(from: Point, to: Point, obstacles: readonly Rect[]): Point[] {
  const low = from.y + LEAVE - 10
  const high = to.y - ARRIVE
  const corridor = freeColumn(from.x, to.x + (to.x >= from.x ? 1 : -1), high, low, obstacles, true)
  return tidy([
    from,
    { x: from.x, y: low },
    { x: corridor, y: low },
    { x: corridor, y: high },
    { x: to.x, y: high },
    to,
  ])
}

function isFree(x: number, top: number, bottom: number, obstacles: readonly Rect[]): boolean {
  return obstacles.every(
    (box) => x < box.x - CLEAR + 8 || x > box.x + box.width + CLEAR - 8 || bottom < box.y || top > box.y + box.height,
  )
}

/** The column nearest to both ends with no card in it between the two heights. */
function freeColumn(
  start: number,
  end: number,
  top: number,
  bottom: number,
  obstacles: readonly Rect[],
  isBack = false,
): number {
  const edges = obstacles.filter((box) => box.y <= bottom && box.y + box.height >= top)
  const columns = edges.flatMap((box) => [box.x - CLEAR, box.x + box.width + CLEAR])
  if (!isBack) columns.push(end)
  const cost = (x: number) => Math.abs(x - start) + Math.abs(x - end)
  columns.sort((a, b) => cost(a) - cost(b))
  return columns.find((x) => isFree(x, top, bottom, edges)) ?? end
}

/** Without repeated points and without points in the middle of a straight piece. */
function tidy(points: readonly Point[]): Point[] {
  const kept: Point[] = []
  for (const point of points) {
    const last = kept.at(-1)
    const before = kept.at(-2)
    if (last && Math.abs(last.x - point.x) < 0.5 && Math.abs(last.y - point.y) < 0.5) continue
    const isStraight =
      last &&
      before &&
      ((Math.abs(before.x - last.x) < 0.5 && Math.abs(last.x - point.x) < 0.5) ||
        (Math.abs(before.y - last.y) < 0.5 && Math.abs(last.y - point.y) < 0.5))
    if (isStraight) kept.pop()
    kept.push(point)
  }
  return kept
}

/** An SVG path along the corners, rounded. */
export function roundedPath(points: readonly Point[], radius = 14): string {
  const [first, ...rest] = points
  if (!first) return ''
  let path = `M ${first.x} ${first.y}`
  for (const [index, corner] of rest.entries()) {
    const before = points[index] as Point
    const after = points[index + 2]
    if (!after) {
      path += ` L ${corner.x} ${corner.y}`
      continue
    }
    const cut = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2)
    const a = towards(corner, before, cut)
    const b = towards(corner, after, cut)
    path += ` L ${a.x} ${a.y} Q ${corner.x} ${corner.y} ${b.x} ${b.y}`
  }
  return path
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to) || 1
  return { x: from.x + ((to.x - from.x) * by) / length, y: from.y + ((to.y - from.y) * by) / length }
}

export function lengthOf(points: readonly Point[]): number {
  let sum = 0
  for (let i = 1; i < points.length; i++) sum += distance(points[i - 1] as Point, points[i] as Point)
  return sum
}

/** The point so far along the way; its end when there is no more way. */
export function pointAt(points: readonly Point[], far: number): Point {
  let left = far
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1] as Point
    const b = points[i] as Point
    const piece = distance(a, b)
    if (left <= piece) return towards(a, b, left)
    left -= piece
  }
  return points.at(-1) as Point
}

/** How far a point is from the way, in the same unit. */
export function distanceTo(points: readonly Point[], point: Point): number {
  let nearest = Number.POSITIVE_INFINITY
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1] as Point
    const b = points[i] as Point
    const square = (b.x - a.x) ** 2 + (b.y - a.y) ** 2
    const t = square === 0 ? 0 : ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / square
    const on = Math.min(1, Math.max(0, t))
    nearest = Math.min(nearest, distance(point, { x: a.x + on * (b.x - a.x), y: a.y + on * (b.y - a.y) }))
  }
  return nearest
}
