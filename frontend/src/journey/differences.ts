import { edgeKey, type JourneyDocument, nodeOf } from './document'
import { type Kinds, sentenceOf } from './kind'

/** What one version of a journey has that the other has not, as lines for a person; where cards lie doesn't count. */
export function differences(doc: JourneyDocument, against: JourneyDocument, kinds: Kinds): string[] {
  const lines: string[] = []
  if (doc.name !== against.name) lines.push(`is called “${doc.name}”`)
  for (const node of doc.nodes) {
    const other = nodeOf(against, node.id)
    const words = sentenceOf(doc, node, kinds)
    if (!other) lines.push(`has “${words}”`)
    else if (!isSame([node.config, node.name, node.type], [other.config, other.name, other.type])) {
      const theirs = sentenceOf(against, other, kinds)
      lines.push(words === theirs ? `has other details in “${words}”` : `says “${words}”`)
    }
  }
  const theirs = new Map(against.edges.map((edge) => [edgeKey(edge), edge.to]))
  const redrawn = doc.edges.filter((edge) => theirs.get(edgeKey(edge)) !== edge.to).length
  if (redrawn > 0) lines.push(redrawn === 1 ? 'has one other line' : `has ${redrawn} other lines`)
  if (!isSame(doc.settings ?? {}, against.settings ?? {})) lines.push('has other settings')
  return lines
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
