/** What conditions may speak of at this place. */
import { createContext, useContext } from 'react'
import { useFieldChoices, usePropertyChoices } from './choices'
import type { FieldChoice } from './types'

export interface SendChoice {
  readonly id: string
  readonly label: string
}

export interface Scope {
  /** `contact`: everything; `event`: only the properties of the event named. */
  readonly kind: 'contact' | 'event'
  readonly event: string
  /** The journey's steps that send, for "opened …". */
  readonly sends: readonly SendChoice[]
}

export const ScopeContext = createContext<Scope>({ kind: 'contact', event: '', sends: [] })

export function useScope(): Scope {
  return useContext(ScopeContext)
}

/** The fields to choose from here: the contact's, or the event's properties. */
export function useChoicesHere(): readonly FieldChoice[] {
  const { kind, event } = useScope()
  const fields = useFieldChoices()
  const properties = usePropertyChoices(event)
  return kind === 'contact' ? fields : properties
}
