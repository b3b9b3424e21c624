/**
 * Tidying up: rows from top to bottom, ports left to right, always.
 *
 * A step and everything that only it leads to form a block: the step on top, the blocks of its ways side by side in the
 * order of their ports, and below them, in the middle, what their ways merge into. Blocks are pushed together row by
 * row, and a long edge keeps a lane free, so that nothing is drawn over anything.
 */
import type { JourneyDocument, Point } from './document'
import type { Kinds } from './kind'
import { type Layers, layersOf, ROOT } from './layers'
import { snapped } from './place'
import { COLUMN_GAP, ROW_GAP, rectOf, type Size, sizeOf } from './size'

/** The width an edge on its way down keeps free. */
const LANE = 24

interface Span {
  readonly row: number
  readonly left: number
  readonly right: number
}

/** Places relative to the middle of its first step. */
interface Block {
  /** The middle of every step. */
  readonly middles: ReadonlyMap<string, number>
  readonly spans: readonly Span[]
}

/** New places for these nodes; the layout's top left stays where theirs was. */
export function layout(doc: JourneyDocument, ids: ReadonlySet<string>, kinds: Kinds): Record<string, Point> {
  const nodes = doc.nodes.filter((node) => ids.has(node.id))
  if (nodes.length === 0) return {}
  const sizes = new Map(nodes.map((node) => [node.id, sizeOf(doc, node, kinds)]))
  const layers = layersOf(doc, ids, kinds)
  const { middles } = new Blocks(layers, sizes).of(ROOT)
  const tops = topsOf(layers, sizes)
  const places: Record<string, Point> = {}
  for (const [id, size] of sizes) {
    places[id] = { x: (middles.get(id) as number) - size.width / 2, y: tops[layers.row.get(id) as number] as number }
  }
  const old = nodes.map((node) => rectOf(doc, node, kinds))
  const shift = {
    x: Math.min(...old.map((box) => box.x)) - Math.min(...Object.values(places).map((place) => place.x)),
    y: Math.min(...old.map((box) => box.y)),
  }
  for (const [id, place] of Object.entries(places)) {
    places[id] = snapped({ x: place.x + shift.x, y: place.y + shift.y })
  }
  return places
}

/** The upper edge of every row. */
function topsOf({ row }: Layers, sizes: ReadonlyMap<string, Size>): number[] {
  const heights: number[] = []
  for (const [id, size] of sizes) {
    const at = row.get(id) as number
    heights[at] = Math.max(heights[at] ?? 0, size.height)
  }
  let y = 0
  return heights.map((height) => {
    const top = y
    y += height + ROW_GAP
    return top
  })
}

class Blocks {
  /** Merges by the step they belong to, upper ones first. */
  private readonly merges = new Map<string, string[]>()

  constructor(
    private readonly layers: Layers,
    private readonly sizes: ReadonlyMap<string, Size>,
  ) {
    const merged = [...layers.gate].filter(([id]) => !this.isOnlyChild(id))
    merged.sort(([a], [b]) => this.row(a) - this.row(b))
    for (const [id, gate] of merged) this.merges.set(gate, [...(this.merges.get(gate) ?? []), id])
  }

  of(id: string): Block {
    const half = (this.sizes.get(id)?.width ?? 0) / 2
    const own: Span[] = id === ROOT ? [] : [{ row: this.row(id), left: -half, right: half }]
    const below = this.beside((this.layers.ways.get(id) ?? []).flatMap((way) => this.wayDown(id, way.to)))
    let block: Block = { middles: new Map([[id, 0], ...below.middles]), spans: [...own, ...below.spans] }
    for (const merge of this.merges.get(id) ?? []) block = this.joined(block, merge)
    return block
  }

  private row(id: string): number {
    return this.layers.row.get(id) as number
  }

  private isOnlyChild(id: string): boolean {
    return this.layers.into.get(id)?.length === 1
  }

  /** What a way leads to when nothing else does; else a lane down to the merge; nothing when that is the next row. */
  private wayDown(from: string, to: string): Block[] {
    if (this.isOnlyChild(to)) return [this.of(to)]
    const spans: Span[] = []
    for (let row = this.row(from) + 1; row < this.row(to); row++) spans.push({ row, left: -LANE / 2, right: LANE / 2 })
    return spans.length > 0 ? [{ middles: new Map(), spans }] : []
  }

  /** Blocks in a line, as close as every row allows, with zero halfway between the first and the last. */
  private beside(blocks: readonly Block[]): Block {
    const middles = new Map<string, number>()
    const spans: Span[] = []
    const ends = new Map<number, number>()
    let [first, last] = [0, 0]
    for (const [index, block] of blocks.entries()) {
      let shift = index === 0 ? 0 : Number.NEGATIVE_INFINITY
      for (const span of block.spans) {
        const end = ends.get(span.row)
        if (end !== undefined) shift = Math.max(shift, end + COLUMN_GAP - span.left)
      }
      if (shift === Number.NEGATIVE_INFINITY) shift = last
      if (index === 0) first = shift
      last = shift
      for (const [id, middle] of block.middles) middles.set(id, middle + shift)
      for (const span of block.spans) {
        spans.push(moved(span, shift))
        ends.set(span.row, Math.max(ends.get(span.row) ?? Number.NEGATIVE_INFINITY, span.right + shift))
      }
    }
    return shifted({ middles, spans }, -(first + last) / 2)
  }

  /** The block with a merge under what leads to it, as near to their middle as there is room. */
  private joined(block: Block, merge: string): Block {
    const added = this.of(merge)
    const above = (this.layers.into.get(merge) ?? []).map((id) => block.middles.get(id) ?? 0)
    const wish = above.length > 0 ? (Math.min(...above) + Math.max(...above)) / 2 : 0
    const shift = nearestFree(block.spans, added.spans, wish)
    const there = shifted(added, shift)
    return { middles: new Map([...block.middles, ...there.middles]), spans: [...block.spans, ...there.spans] }
  }
}

function nearestFree(taken: readonly Span[], added: readonly Span[], wish: number): number {
  const rows = new Map<number, Span[]>()
  for (const span of taken) rows.set(span.row, [...(rows.get(span.row) ?? []), span])
  const clashes = (shift: number) =>
    added.some((span) =>
      rows
        .get(span.row)
        ?.some((other) => span.left + shift < other.right + COLUMN_GAP && other.left < span.right + shift + COLUMN_GAP),
    )
  const candidates = [wish]
  for (const span of added) {
    for (const other of rows.get(span.row) ?? []) {
      candidates.push(other.right + COLUMN_GAP - span.left, other.left - COLUMN_GAP - span.right)
    }
  }
  candidates.sort((a, b) => Math.abs(a - wish) - Math.abs(b - wish))
  return candidates.find((shift) => !clashes(shift)) ?? wish
}

function moved(span: Span, by: number): Span {
  return { row: span.row, left: span.left + by, right: span.right + by }
}

function shifted(block: Block, by: number): Block {
  return {
    middles: new Map([...block.middles].map(([id, middle]) => [id, middle + by])),
    spans: block.spans.map((span) => moved(span, by)),
  }
}
