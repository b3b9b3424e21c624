import type { JourneyDocument, Point } from '../document'
import { GRID } from '../place'
import { type Change, stepsWord } from './change'

/** Put steps where they were dropped; one drag is one step of undo, however many frames it had. */
export function move(doc: JourneyDocument, places: Readonly<Record<string, Point>>): Change | null {
  let count = 0
  const nodes = doc.nodes.map((node) => {
    const place = places[node.id]
    if (!place) return node
    const position = { x: Math.round(place.x), y: Math.round(place.y) }
    if (position.x === node.position.x && position.y === node.position.y) return node
    count += 1
    return { ...node, position }
  })
  return count === 0 ? null : { name: `move ${stepsWord(count)}`, doc: { ...doc, nodes } }
}

/** Move steps by the keyboard; a run of key presses is one step of undo. */
export function nudge(doc: JourneyDocument, ids: ReadonlySet<string>, by: Point): Change | null {
  const places: Record<string, Point> = {}
  for (const node of doc.nodes) {
    if (!ids.has(node.id)) continue
    places[node.id] = { x: node.position.x + by.x * GRID * 2, y: node.position.y + by.y * GRID * 2 }
  }
  const change = move(doc, places)
  return change && { ...change, burst: `nudge:${[...ids].join()}` }
}
