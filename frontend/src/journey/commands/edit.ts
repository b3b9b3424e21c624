import { type Config, type JourneyDocument, type JourneySettings, nodeOf } from '../document'
import { type Kinds, portsOf } from '../kind'
import type { Change } from './change'

/**
 * Change a step's config; `field` names the burst of typing it belongs to.
 *
 * Edges of ports that are gone are dropped. When exactly one port changed its id, its edge follows the new one.
 */
export function editConfig(
  doc: JourneyDocument,
  id: string,
  patch: Config,
  field: string,
  kinds: Kinds,
): Change | null {
  const node = nodeOf(doc, id)
  if (!node) return null
  const config = without({ ...node.config, ...patch })
  const kind = kinds(node.type)
  const before = portsOf(doc, node, kinds).map((port) => port.id)
  const after = kind ? kind.ports(config).map((port) => port.id) : before
  const lost = before.filter((port) => !after.includes(port))
  const won = after.filter((port) => !before.includes(port))
  const edges = doc.edges.flatMap((edge) => {
    if (edge.from !== id || !lost.includes(edge.port)) return [edge]
    return lost.length === 1 && won.length === 1 ? [{ ...edge, port: won[0] as string }] : []
  })
  const nodes = doc.nodes.map((one) => (one === node ? { ...one, config } : one))
  const isSame = edges.length === doc.edges.length && edges.every((edge, index) => edge === doc.edges[index])
  return {
    name: `edit ${kind?.title ?? 'step'}`,
    doc: { ...doc, nodes, edges: isSame ? doc.edges : edges },
    burst: `config:${id}:${field}`,
  }
}

/** A step's own name instead of its sentence; empty text gives the sentence back. */
export function renameNode(doc: JourneyDocument, id: string, name: string): Change | null {
  const node = nodeOf(doc, id)
  if (!node || (node.name ?? '') === name) return null
  const nodes = doc.nodes.map((one) => {
    if (one !== node) return one
    const { name: _, ...rest } = one
    return name === '' ? rest : { ...rest, name }
  })
  return { name: 'rename step', doc: { ...doc, nodes }, burst: `name:${id}` }
}

export function renameJourney(doc: JourneyDocument, name: string): Change | null {
  if (doc.name === name) return null
  return { name: 'rename journey', doc: { ...doc, name }, burst: 'journey:name' }
}

export function editSettings(doc: JourneyDocument, patch: Partial<JourneySettings>, field: string): Change {
  const settings = without({ ...doc.settings, ...patch }) as JourneySettings
  const { settings: _, ...rest } = doc
  const next = Object.keys(settings).length === 0 ? rest : { ...rest, settings }
  return { name: 'edit journey settings', doc: next as JourneyDocument, burst: `settings:${field}` }
}

/** Keys set to undefined are taken out: that is how a form clears an optional key. */
function without(config: Config): Config {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined))
}
