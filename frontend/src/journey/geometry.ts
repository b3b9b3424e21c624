/** Where every card and every edge is, worked out from the document alone. */
import { edgeKey, type JourneyDocument, nodeOf, type Point } from './document'
import { type Kinds, portsOf } from './kind'
import { distanceTo, route } from './route'
import { portOffset, type Rect, rectOf } from './size'

export interface Geometry {
  readonly rects: ReadonlyMap<string, Rect>
  readonly routes: ReadonlyMap<string, readonly Point[]>
  /** Where an open port's + is, by "node:port". */
  readonly stubs: ReadonlyMap<string, Point>
}

/** The middle of an open port's +, below the card. */
export const STUB = 42

/** The geometry, or `before` itself when nothing moved: typing in the panel must not route five hundred edges. */
export function geometryOf(doc: JourneyDocument, kinds: Kinds, before: Geometry | null): Geometry {
  const rects = new Map(doc.nodes.map((node) => [node.id, rectOf(doc, node, kinds)]))
  const ends = new Map<string, [Point, Point]>()
  const stubs = new Map<string, Point>()
  for (const node of doc.nodes) {
    const ports = portsOf(doc, node, kinds)
    const box = rects.get(node.id) as Rect
    for (const [index, port] of ports.entries()) {
      const key = edgeKey({ from: node.id, port: port.id })
      const start = { x: box.x + portOffset(index, ports.length, box.width), y: box.y + box.height }
      const edge = doc.edges.find((one) => one.from === node.id && one.port === port.id)
      const target = edge && nodeOf(doc, edge.to) && rects.get(edge.to)
      if (target) ends.set(key, [start, entry(target)])
      else stubs.set(key, { x: start.x, y: start.y + STUB })
    }
  }
  if (before && isSame(before, rects, ends, stubs)) return before
  const obstacles = [...rects.values()]
  const routes = new Map<string, readonly Point[]>()
  for (const [key, [from, to]] of ends) routes.set(key, route(from, to, obstacles))
  return { rects, routes, stubs }
}

/** Where edges arrive: the middle of the card's upper edge. */
export function entry(box: Rect): Point {
  return { x: box.x + box.width / 2, y: box.y }
}

function isSame(
  before: Geometry,
  rects: ReadonlyMap<string, Rect>,
  ends: ReadonlyMap<string, readonly [Point, Point]>,
  stubs: ReadonlyMap<string, Point>,
): boolean {
  if (before.rects.size !== rects.size || before.routes.size !== ends.size) return false
  if (before.stubs.size !== stubs.size) return false
  for (const [id, box] of rects) {
    const old = before.rects.get(id)
    if (!old || old.x !== box.x || old.y !== box.y || old.width !== box.width || old.height !== box.height) return false
  }
  for (const [key, [from, to]] of ends) {
    const old = before.routes.get(key)
    if (!old || !isAt(old[0], from) || !isAt(old.at(-1), to)) return false
  }
  return [...stubs.keys()].every((key) => before.stubs.has(key))
}

export function isAt(a: Point | undefined, b: Point): boolean {
  return a !== undefined && Math.abs(a.x - b.x) < 0.6 && Math.abs(a.y - b.y) < 0.6
}

/** The port whose edge or open + is nearest to a point, within reach; for dropping a new step. */
export function nearestPort(geometry: Geometry, point: Point, reach: number): string | null {
  let best: string | null = null
  let nearest = reach
  for (const [key, points] of geometry.routes) {
    const far = distanceTo(points, point)
    if (far < nearest) [best, nearest] = [key, far]
  }
  for (const [key, stub] of geometry.stubs) {
    const far = Math.hypot(stub.x - point.x, stub.y - point.y)
    if (far < nearest) [best, nearest] = [key, far]
  }
  return best
}

/** "node:port" back into its parts; node ids hold no colon. */
export function portFromKey(key: string): { from: string; port: string } {
  const cut = key.indexOf(':')
  return { from: key.slice(0, cut), port: key.slice(cut + 1) }
}
