import { edgeAt, type JourneyDocument, nodeOf } from '../document'
import type { Kinds } from '../kind'
import type { At } from './addNode'
import type { Change } from './change'

/** Whether a line may be drawn; the server judges what the whole then means. */
export function canConnect(doc: JourneyDocument, from: string, to: string, kinds: Kinds): boolean {
  const target = nodeOf(doc, to)
  return from !== to && target !== undefined && kinds(target.type)?.family !== 'trigger'
}

/** Lead a port to a node. A port has one edge: an old one is replaced in the same step of undo. */
export function connect(doc: JourneyDocument, at: At, to: string, kinds: Kinds): Change | null {
  if (!canConnect(doc, at.from, to, kinds)) return null
  const old = edgeAt(doc, at.from, at.port)
  if (old?.to === to) return null
  const edge = { from: at.from, port: at.port, to }
  const edges = old ? doc.edges.map((one) => (one === old ? edge : one)) : [...doc.edges, edge]
  return { name: old ? 'reconnect' : 'connect', doc: { ...doc, edges } }
}

export function disconnect(doc: JourneyDocument, ports: readonly At[]): Change | null {
  const edges = doc.edges.filter((edge) => !ports.some((at) => at.from === edge.from && at.port === edge.port))
  if (edges.length === doc.edges.length) return null
  return { name: 'disconnect', doc: { ...doc, edges } }
}
