import { FORMAT, freeId, type JourneyDocument, type JourneyEdge, type JourneyNode, type Point } from '../document'
import type { Kinds } from '../kind'
import { bounds, freePlace, snapped } from '../place'
import { rectOf } from '../size'
import { type Change, stepsWord } from './change'

/** What travels over the clipboard, between journeys too: steps, and the edges among them. */
export interface Clip {
  readonly format: typeof FORMAT
  readonly nodes: readonly JourneyNode[]
  readonly edges: readonly JourneyEdge[]
}

export function copy(doc: JourneyDocument, ids: ReadonlySet<string>): Clip | null {
  const nodes = doc.nodes.filter((node) => ids.has(node.id))
  if (nodes.length === 0) return null
  const edges = doc.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to))
  return { format: FORMAT, nodes, edges }
}

/** A clip or a whole journey out of clipboard text; null when the text is neither. */
export function readClip(text: string): Clip | null {
  try {
    const value = JSON.parse(text) as Partial<Clip> | null
    if (value?.format !== FORMAT || !Array.isArray(value.nodes) || !Array.isArray(value.edges)) return null
    const isNode = (node: Partial<JourneyNode>) =>
      typeof node?.id === 'string' && typeof node.type === 'string' && typeof node.position?.x === 'number'
    return value.nodes.length > 0 && value.nodes.every(isNode) ? (value as Clip) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Paste with the clip's middle at `middle` (beside what is there), with new ids and the inner edges kept. */
export function paste(doc: JourneyDocument, clip: Clip, middle: Point, kinds: Kinds): Change {
  const around = bounds(clip.nodes.map((node) => rectOf({ ...doc, ...clip }, node, kinds)))
  const wish = { x: middle.x - around.width / 2, y: middle.y - around.height / 2 }
  return placed(doc, clip, around, freePlace(doc, snapped(wish), around, kinds), kinds, 'paste')
}

/** The same steps once more, to the right of themselves. */
export function duplicate(doc: JourneyDocument, ids: ReadonlySet<string>, kinds: Kinds): Change | null {
  const clip = copy(doc, ids)
  if (!clip) return null
  const around = bounds(clip.nodes.map((node) => rectOf(doc, node, kinds)))
  return placed(doc, clip, around, freePlace(doc, around, around, kinds), kinds, 'duplicate')
}

function placed(doc: JourneyDocument, clip: Clip, from: Point, to: Point, kinds: Kinds, verb: string): Change {
  const taken = new Set(doc.nodes.map((node) => node.id))
  const ids = new Map<string, string>()
  const nodes = clip.nodes.map((node) => {
    const stem = kinds(node.type)?.stem ?? node.id.replace(/-\d+$/, '')
    const id = freeId(taken, stem)
    taken.add(id)
    ids.set(node.id, id)
    const position = { x: node.position.x - from.x + to.x, y: node.position.y - from.y + to.y }
    return { ...node, id, position }
  })
  const edges = clip.edges.map((edge) => ({
    ...edge,
    from: ids.get(edge.from) as string,
    to: ids.get(edge.to) as string,
  }))
  const renamed = nodes.map((node) => ({ ...node, config: withNewNames(node.config, ids) as JourneyNode['config'] }))
  return {
    name: `${verb} ${stepsWord(nodes.length)}`,
    doc: { ...doc, nodes: [...doc.nodes, ...renamed], edges: [...doc.edges, ...edges] },
    select: nodes.map((node) => node.id),
  }
}

/** Conditions inside the copy that name a copied message (`{"message": "email-1"}`) name its copy. */
function withNewNames(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withNewNames(item, ids))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => {
    if (key === 'message' && typeof item === 'string' && 'was' in value) return [key, ids.get(item) ?? item]
    return [key, withNewNames(item, ids)]
  })
  return Object.fromEntries(entries)
}
