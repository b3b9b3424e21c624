/** Sample time between two words from the server, so that the date on screen moves as evenly as time does. */
import type { Sample } from '../api/types'

const DAY = 86_400_000
/** How far the shown date may run ahead of the last word: a silent server must not be outrun. */
const AHEAD_SECONDS_MAX = 1.5

/** Milliseconds since 1970. `heard`: when `sample` was received; both on this machine's clock, in milliseconds. */
export function shownAt(
  sample: Pick<Sample, 'at' | 'playing' | 'speed' | 'until'>,
  heard: number,
  now: number,
): number {
  const at = Date.parse(sample.at)
  if (!sample.playing) return at
  const seconds = Math.min(Math.max(0, (now - heard) / 1000), AHEAD_SECONDS_MAX)
  return Math.min(at + seconds * sample.speed * DAY, Math.max(at, Date.parse(sample.until)))
}

/** Share of the sample's time that has passed, 0 to 1. */
export function passedShare(from: string, until: string, at: number): number {
  const start = Date.parse(from)
  const length = Date.parse(until) - start
  return length > 0 ? Math.min(1, Math.max(0, (at - start) / length)) : 1
}

/** The first of January of every year inside the sample, as {year, share}; years begin in UTC, as the sample does. */
export function yearMarks(from: string, until: string): { year: number; share: number }[] {
  const first = new Date(from).getUTCFullYear()
  const last = new Date(until).getUTCFullYear()
  const marks = []
  for (let year = first; year <= last; year++) {
    const start = Math.max(Date.UTC(year, 0, 1), Date.parse(from))
    if (start < Date.parse(until)) marks.push({ year, share: passedShare(from, until, start) })
  }
  return marks
}
