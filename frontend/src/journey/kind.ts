/** What a kind of node is, as far as the graph needs to know. The kinds themselves are in `src/kinds`. */
import type { Config, JourneyDocument, JourneyNode } from './document'

export const FAMILIES = ['trigger', 'wait', 'branch', 'send', 'action', 'people', 'end'] as const
export type Family = (typeof FAMILIES)[number]

/** A named way out of a node; listed left to right. */
export interface Port {
  readonly id: string
  /** What the way out is called on the card; empty when there is only one and nothing to tell apart. */
  readonly label: string
}

export interface SentenceContext {
  readonly doc: JourneyDocument
}

export interface KindDefinition {
  readonly type: string
  readonly family: Family
  /** What the palette calls it. */
  readonly title: string
  /** One line for the palette and the panel: what it does to a person. */
  readonly help: string
  /** More words the quick search finds it by. */
  readonly search?: string
  /** The start of a new node's id. */
  readonly stem: string
  readonly defaults: () => Config
  readonly ports: (config: Config) => readonly Port[]
  /** What the node does, read aloud: "Wait 2 days". */
  readonly sentence: (config: Config, context: SentenceContext) => string
}

/** Looks a kind up by its type; null for one this program does not know. */
export type Kinds = (type: string) => KindDefinition | null

/** A node's ways out. A kind nobody here knows keeps the ports its edges use. */
export function portsOf(doc: JourneyDocument, node: JourneyNode, kinds: Kinds): readonly Port[] {
  const kind = kinds(node.type)
  if (kind) return kind.ports(node.config)
  return doc.edges.filter((edge) => edge.from === node.id).map((edge) => ({ id: edge.port, label: edge.port }))
}

export function sentenceOf(doc: JourneyDocument, node: JourneyNode, kinds: Kinds): string {
  if (node.name) return node.name
  const kind = kinds(node.type)
  return kind ? kind.sentence(node.config, { doc }) : `Unknown step “${node.type}”`
}

export function familyOf(type: string, kinds: Kinds): Family {
  const known = kinds(type)?.family
  if (known) return known
  const stem = type.split('.')[0] as Family
  return FAMILIES.includes(stem) ? stem : 'action'
}
