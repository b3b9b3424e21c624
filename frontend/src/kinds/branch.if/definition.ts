import type { Condition } from '../../conditions/condition'
import { sentence } from '../../conditions/sentence'
import { nodeOf } from '../../journey/document'
import type { KindDefinition } from '../../journey/kind'
import { emailTitle } from '../send.email/definition'

export interface Arm {
  readonly port: string
  readonly label?: string
  readonly when?: Condition | null
}

export interface BranchIfConfig {
  readonly branches?: readonly Arm[]
}

export function armsOf(config: BranchIfConfig): readonly Arm[] {
  return config.branches ?? []
}

/** A single branch left as it was made reads Yes and No; with several, the rest is "Otherwise". */
export function elseLabel(arms: readonly Arm[]): string {
  return arms.length === 1 && (arms[0]?.label ?? 'Yes') === 'Yes' ? 'No' : 'Otherwise'
}

export const branchIf: KindDefinition = {
  type: 'branch.if',
  family: 'branch',
  title: 'If',
  help: 'Sends people different ways, by what they are or did.',
  search: 'branch condition yes no else choose filter',
  stem: 'if',
  defaults: () => ({ branches: [{ port: 'yes', label: 'Yes', when: null }] }),
  ports: (config) => {
    const arms = armsOf(config)
    const named = arms.map((arm) => ({ id: arm.port, label: arm.label || arm.port }))
    return [...named, { id: 'else', label: elseLabel(arms) }]
  },
  sentence: (config, { doc }) => {
    const arms = armsOf(config)
    if (arms.length > 1) return `Check ${arms.length} conditions`
    const when = arms[0]?.when
    if (!when) return 'If …'
    const message = (id: string) => {
      const node = nodeOf(doc, id)
      return node ? (node.name ?? emailTitle(node.config)) : id
    }
    return `If ${sentence(when, { message })}`
  },
}
