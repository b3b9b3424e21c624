/** Layered layout, top to bottom, ports left to right. Loaded only when somebody tidies up. */
import dagre from '@dagrejs/dagre'
import { edgesOutOf, type JourneyDocument, type Point } from './document'
import { type Kinds, portsOf } from './kind'
import { snapped } from './place'
import { COLUMN_GAP, ROW_GAP, rectOf, type Size, sizeOf } from './size'

/** New places for these nodes; the layout's top left stays where theirs was. */
export function layout(doc: JourneyDocument, ids: ReadonlySet<string>, kinds: Kinds): Record<string, Point> {
  const nodes = doc.nodes.filter((node) => ids.has(node.id))
  if (nodes.length === 0) return {}
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: COLUMN_GAP, ranksep: ROW_GAP })
  graph.setDefaultEdgeLabel(() => ({}))
  const sizes = new Map<string, Size>()
  for (const node of nodes) {
    const size = sizeOf(doc, node, kinds)
    sizes.set(node.id, size)
    graph.setNode(node.id, { ...size })
  }
  const constraints: { left: string; right: string }[] = []
  for (const node of nodes) {
    const inside = edgesOutOf(doc, node.id).filter((edge) => ids.has(edge.to))
    const order = portsOf(doc, node, kinds).map((port) => port.id)
    inside.sort((a, b) => order.indexOf(a.port) - order.indexOf(b.port))
    for (const [index, edge] of inside.entries()) {
      graph.setEdge(edge.from, edge.to)
      const before = inside[index - 1]
      // Without these, Yes and No change places in a third of all branches.
      if (before && before.to !== edge.to) constraints.push({ left: before.to, right: edge.to })
    }
  }
  dagre.layout(graph, { constraints })
  return anchored(doc, graph, sizes, kinds)
}

function anchored(
  doc: JourneyDocument,
  graph: InstanceType<typeof dagre.graphlib.Graph>,
  sizes: ReadonlyMap<string, Size>,
  kinds: Kinds,
): Record<string, Point> {
  // dagre centres a row; cards of one row read better when their tops are level.
  const tops = new Map<number, number>()
  for (const [id, size] of sizes) {
    const { y } = graph.node(id) as Point
    const row = Math.round(y)
    tops.set(row, Math.min(tops.get(row) ?? Number.POSITIVE_INFINITY, y - size.height / 2))
  }
  const places: Record<string, Point> = {}
  for (const [id, size] of sizes) {
    const { x, y } = graph.node(id) as Point
    places[id] = { x: x - size.width / 2, y: tops.get(Math.round(y)) as number }
  }
  const old = doc.nodes.filter((node) => sizes.has(node.id)).map((node) => rectOf(doc, node, kinds))
  const shift = {
    x: Math.min(...old.map((box) => box.x)) - Math.min(...Object.values(places).map((place) => place.x)),
    y: Math.min(...old.map((box) => box.y)) - Math.min(...Object.values(places).map((place) => place.y)),
  }
  for (const [id, place] of Object.entries(places)) {
    places[id] = snapped({ x: place.x + shift.x, y: place.y + shift.y })
  }
  return places
}
