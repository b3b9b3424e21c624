/** What every part of the canvas shares. None of it changes while something is dragged. */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { At } from '../journey/commands/addNode'
import type { JourneyDocument, Point } from '../journey/document'
import type { Geometry } from '../journey/geometry'
import type { Editor, EditorStore } from '../journey/store'
import type { Counts } from '../live/counts'

/** Where the quick-add menu was asked for. */
export interface MenuPlace {
  /** In px of the window. */
  readonly screen: Point
  /** The port to add at; without one the step is added at `middle` of the canvas. */
  readonly at: At | null
  readonly middle: Point
}

export interface CanvasTools {
  readonly store: EditorStore
  readonly counts: Counts
  /** Whether there are counts to show: something was published. */
  readonly hasCounts: boolean
  readonly openMenu: (place: MenuPlace) => void
  /** Somebody asked who is at this node. */
  readonly askWho: (node: string) => void
}

export const ToolsContext = createContext<CanvasTools | null>(null)
/** Apart from the tools, because it changes whenever a card has moved. */
export const GeometryContext = createContext<Geometry | null>(null)

export function useTools(): CanvasTools {
  const tools = useContext(ToolsContext)
  if (!tools) throw new Error('a part of the canvas was drawn outside of it')
  return tools
}

export function useGeometry(): Geometry {
  const geometry = useContext(GeometryContext)
  if (!geometry) throw new Error('a part of the canvas was drawn outside of it')
  return geometry
}

export function useEditor<T>(read: (editor: Editor) => T): T {
  return useStore(useTools().store, read)
}

export function documentOf(editor: Editor): JourneyDocument {
  return editor.history.doc
}
