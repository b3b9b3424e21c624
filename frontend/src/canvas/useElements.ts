import { useMemo, useRef } from 'react'
import { type Geometry, geometryOf } from '../journey/geometry'
import { kinds } from '../kinds/registry'
import { documentOf, useEditor } from './context'
import { byId, type Card, type Described, describe, type Line, toCards, toLines } from './mapping'

/** The document and the view as the library's cards and lines; what did not change stays the same object. */
export function useElements(): { cards: Card[]; lines: Line[] } {
  const doc = useEditor(documentOf)
  const selected = useEditor((editor) => editor.view.selected)
  const selectedEdges = useEditor((editor) => editor.view.selectedEdges)
  const dragged = useEditor((editor) => editor.view.dragged)
  const described = useRef<Described | null>(null)
  const oldCards = useRef(new Map<string, Card>())
  const oldLines = useRef(new Map<string, Line>())
  const said = useMemo(() => {
    described.current = describe(doc, kinds, described.current)
    return described.current
  }, [doc])
  const cards = useMemo(() => {
    const now = toCards(said, { selected, dragged }, oldCards.current)
    oldCards.current = byId(now)
    return now
  }, [said, selected, dragged])
  const lines = useMemo(() => {
    const now = toLines(doc, selectedEdges, kinds, oldLines.current)
    oldLines.current = byId(now)
    return now
  }, [doc, selectedEdges])
  return { cards, lines }
}

/** Where everything is; the same object while nothing moved. */
export function useDocumentGeometry(): Geometry {
  const doc = useEditor(documentOf)
  const before = useRef<Geometry | null>(null)
  return useMemo(() => {
    before.current = geometryOf(doc, kinds, before.current)
    return before.current
  }, [doc])
}
