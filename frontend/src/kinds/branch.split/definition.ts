import type { KindDefinition } from '../../journey/kind'

export interface Share {
  readonly port: string
  readonly label?: string
  /** Percent, at most two decimals. */
  readonly share: number
}

export interface BranchSplitConfig {
  readonly shares?: readonly Share[]
}

export function sharesOf(config: BranchSplitConfig): readonly Share[] {
  return config.shares ?? []
}

/** The sum in percent, without the dust of binary fractions. */
export function sumOf(shares: readonly Share[]): number {
  return Math.round(shares.reduce((sum, one) => sum + (Number(one.share) || 0) * 100, 0)) / 100
}

/** The same ways with equal shares that sum to 100 exactly; the first ones take the odd hundredths. */
export function evenedOut(shares: readonly Share[]): Share[] {
  if (shares.length === 0) return []
  const each = Math.floor(10_000 / shares.length)
  const odd = 10_000 - each * shares.length
  return shares.map((one, index) => ({ ...one, share: (each + (index < odd ? 1 : 0)) / 100 }))
}

export const branchSplit: KindDefinition = {
  type: 'branch.split',
  family: 'branch',
  title: 'Split',
  help: 'Sends people different ways at random, by shares.',
  search: 'branch random test percent ab',
  stem: 'split',
  defaults: () => ({
    shares: [
      { port: 'a', label: 'A', share: 50 },
      { port: 'b', label: 'B', share: 50 },
    ],
  }),
  ports: (config) =>
    sharesOf(config).map((one) => ({ id: one.port, label: `${one.label || one.port} · ${one.share} %` })),
  sentence: (config) => {
    const shares = sharesOf(config)
    return shares.length > 4 ? `Split ${shares.length} ways` : `Split ${shares.map((one) => one.share).join(' / ')}`
  },
}
