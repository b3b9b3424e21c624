/** What the server's check found, ordered for the places that show it: the list, the cards, the fields. */
import type { Config } from './document'

export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly code: string
  /** Null when it is the journey's own. */
  readonly node: string | null
  /** Where inside the config or the document, dotted: `config.branches.0.when`. */
  readonly field: string | null
  readonly message: string
  readonly fix: string
}

export interface Problems {
  readonly list: readonly Problem[]
  readonly byNode: ReadonlyMap<string, readonly Problem[]>
  readonly errors: number
  readonly warnings: number
}

export function problemsOf(list: readonly Problem[]): Problems {
  const byNode = new Map<string, Problem[]>()
  for (const problem of list) {
    if (problem.node === null) continue
    const known = byNode.get(problem.node) ?? []
    byNode.set(problem.node, [...known, problem])
  }
  const errors = list.filter((problem) => problem.severity === 'error').length
  return { list, byNode, errors, warnings: list.length - errors }
}

export const NO_PROBLEMS: Problems = problemsOf([])

/**
 * The problems that still stand after typing went on: those of a part of the config that is as it was when checked.
 *
 * Without this, "the subject is missing" stays under a subject that is being typed until the next check has come back.
 */
export function standing(problems: readonly Problem[], now: Config, checked: Config | undefined): readonly Problem[] {
  return problems.filter((problem) => {
    const part = problem.field?.match(/^config\.(\w+)/)?.[1]
    return part === undefined || checked === undefined || now[part] === checked[part]
  })
}

/** The first problem of a field or of something inside it, as a sentence; undefined when it is fine. */
export function problemAt(problems: readonly Problem[], field: string): string | undefined {
  const found = problems.find((problem) => {
    const place = problem.field?.replace(/^config\./, '') ?? ''
    return place === field || place.startsWith(`${field}.`)
  })
  return found?.message
}
