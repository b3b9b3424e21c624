import type { JourneyDocument } from '../document'
import type { Kinds } from '../kind'
import { layout } from '../tidy'
import { type Change, stepsWord } from './change'
import { move } from './move'

/** Lay steps out anew: all of them, or only those selected when there are several. One step of undo. */
export function tidyUp(doc: JourneyDocument, only: ReadonlySet<string>, kinds: Kinds): Change | null {
  const ids = only.size > 1 ? only : new Set(doc.nodes.map((node) => node.id))
  const change = move(doc, layout(doc, ids, kinds))
  return change && { ...change, name: ids.size === doc.nodes.length ? 'tidy up' : `tidy up ${stepsWord(ids.size)}` }
}
