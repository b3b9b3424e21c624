/** What the form of a kind is given. A form holds no state of the document: what is typed is in it at once. */

import type { SendChoice } from '../conditions/scope'
import type { Config, JourneyDocument, JourneyNode } from '../journey/document'
import { sentenceOf } from '../journey/kind'
import { type Problem, problemAt } from '../journey/problem'
import { kinds } from './registry'

export interface FormProps {
  readonly node: JourneyNode
  readonly doc: JourneyDocument
  /** The journey's number, for what a form asks the server. */
  readonly journey: number
  readonly problems: readonly Problem[]
  /** `field` names the burst of typing a change belongs to. */
  readonly edit: (patch: Config, field: string) => void
  /** Resolves when what was typed is saved; for actions that read the draft on the server. */
  readonly save: () => Promise<unknown>
}

export function errorAt(props: FormProps, field: string): string | undefined {
  return problemAt(props.problems, field)
}

/** The journey's sending steps, for conditions on their messages. */
export function sendsOf(doc: JourneyDocument): SendChoice[] {
  return doc.nodes
    .filter((node) => node.type.startsWith('send.'))
    .map((node) => ({ id: node.id, label: sentenceOf(doc, node, kinds).replace(/^Send /, '') }))
}
