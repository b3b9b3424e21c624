/** Journeys for tests, drawn in a line of code: `drawn('start > wait > if', 'if:yes > email', 'if:else > end')`. */
import { type Config, emptyJourney, type JourneyDocument, type JourneyEdge, type JourneyNode } from './document'
import type { KindDefinition, Kinds, Port } from './kind'

const NEXT: readonly Port[] = [{ id: 'next', label: '' }]
const FORK: readonly Port[] = [
  { id: 'yes', label: 'Yes' },
  { id: 'else', label: 'No' },
]

function kind(type: string, family: KindDefinition['family'], ports: readonly Port[]): KindDefinition {
  const portsOf = (config: Config) => (Array.isArray(config.ports) ? config.ports.map(named) : ports)
  return { type, family, title: type, help: '', stem: type, defaults: () => ({}), ports: portsOf, sentence: () => type }
}

function named(id: string): Port {
  return { id, label: id }
}

/** A few kinds that behave as the real ones do; the graph must not know the real ones. */
const KINDS = [
  kind('start', 'trigger', NEXT),
  kind('wait', 'wait', NEXT),
  kind('email', 'send', NEXT),
  kind('if', 'branch', FORK),
  kind('end', 'end', []),
]

export const testKinds: Kinds = (type) => KINDS.find((one) => one.type === type) ?? null

/** Each line joins steps named by type, or type and number (`wait-2`); a port follows a colon, `next` is the default. */
export function drawn(...lines: string[]): JourneyDocument {
  const nodes = new Map<string, JourneyNode>()
  const edges: JourneyEdge[] = []
  for (const line of lines) {
    const steps = line.split('>').map((word) => word.trim())
    for (const [index, word] of steps.entries()) {
      const [id = '', port = 'next'] = word.split(':')
      const position = { x: 0, y: nodes.size * 160 }
      if (!nodes.has(id)) nodes.set(id, { id, type: id.split('-')[0] as string, position, config: {} })
      const to = steps[index + 1]?.split(':')[0]
      if (to) edges.push({ from: id, port, to })
    }
  }
  return { ...emptyJourney('Test'), nodes: [...nodes.values()], edges }
}

/** A journey's edges as text, for comparing. */
export function edgesOf(doc: JourneyDocument): string[] {
  return doc.edges.map((edge) => `${edge.from}:${edge.port} > ${edge.to}`).sort()
}

export function placeOf(doc: JourneyDocument, id: string) {
  return doc.nodes.find((node) => node.id === id)?.position
}
