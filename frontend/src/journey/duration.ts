/** Durations as the journey document writes them, and how they read. A month is no unit: units are fixed lengths. */

export const UNITS = ['seconds', 'minutes', 'hours', 'days', 'weeks'] as const
export type Unit = (typeof UNITS)[number]

export interface Duration {
  /** A positive whole number. */
  readonly amount: number
  readonly unit: Unit
}

export function isDuration(value: unknown): value is Duration {
  if (typeof value !== 'object' || value === null) return false
  const { amount, unit } = value as { amount?: unknown; unit?: unknown }
  return typeof amount === 'number' && UNITS.includes(unit as Unit)
}

/** "2 days", "1 hour"; "…" while it is not filled in. */
export function durationWords(value: unknown): string {
  if (!isDuration(value) || !Number.isFinite(value.amount)) return '…'
  const unit = value.amount === 1 ? value.unit.slice(0, -1) : value.unit
  return `${value.amount.toLocaleString('en')} ${unit}`
}

/** "in the last day", "in the last 7 days". */
export function lastWords(value: unknown): string {
  if (isDuration(value) && value.amount === 1) return `in the last ${value.unit.slice(0, -1)}`
  return `in the last ${durationWords(value)}`
}
