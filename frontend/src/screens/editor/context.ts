import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Journey } from '../../api/types'
import type { Editor } from '../../journey/store'
import type { Counts } from '../../live/counts'
import type { EditorSession } from './useEditorSession'

export interface EditorPlace extends EditorSession {
  readonly journey: Journey
  readonly counts: Counts
  /** Read the journey's own facts again: status, version, fault. */
  readonly refresh: () => Promise<unknown>
}

export const PlaceContext = createContext<EditorPlace | null>(null)

export function usePlace(): EditorPlace {
  const place = useContext(PlaceContext)
  if (!place) throw new Error('a part of the editor was drawn outside of it')
  return place
}

export function useEditorState<T>(read: (editor: Editor) => T): T {
  return useStore(usePlace().store, read)
}
