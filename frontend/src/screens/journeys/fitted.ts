import type { Thumbnail } from '../../api/types'

export interface Slip {
  x: number
  y: number
  family: Thumbnail['nodes'][number]['family']
}

const MARGIN_X = 34
const MARGIN_Y = 16
/** A step on the canvas is about this far from the next one: the drawing shrinks its slips when that gets narrow. */
const ROW = 140

/**
 * The drawing's middles inside width × height.
 *
 * Both ways are scaled on their own, within reason: a long thin journey would otherwise be a thread nobody can read.
 * `scale` is for the size of the slips, 0.35 to 1.
 */
export function fitted({ nodes }: Thumbnail, width: number, height: number): { slips: Slip[]; scale: number } {
  if (nodes.length === 0) return { slips: [], scale: 1 }
  const xs = nodes.map((node) => node.x)
  const ys = nodes.map((node) => node.y)
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const sx = Math.min((width - 2 * MARGIN_X) / Math.max(1, right - left), 0.34)
  const sy = Math.min((height - 2 * MARGIN_Y) / Math.max(1, bottom - top), 0.3)
  const slips = nodes.map(({ x, y, family }) => ({
    x: width / 2 + (x - (left + right) / 2) * sx,
    y: height / 2 + (y - (top + bottom) / 2) * sy,
    family,
  }))
  return { slips, scale: Math.min(1, Math.max(0.35, (sy * ROW) / 22)) }
}
