/**
 * What a user action answers: the new document, what undo calls it, and what is selected afterwards.
 *
 * An action that has nothing to do answers null, and undo remembers nothing.
 */
import type { JourneyDocument } from '../document'

export interface Change {
  /** Completes "Undo …": "add Wait", "move 2 steps". */
  readonly name: string
  readonly doc: JourneyDocument
  readonly select?: readonly string[]
  /** Changes of the same burst (typing in one field) become one step of undo. */
  readonly burst?: string
}

export type Action = (doc: JourneyDocument) => Change | null

export function stepsWord(count: number): string {
  return count === 1 ? 'step' : `${count} steps`
}
