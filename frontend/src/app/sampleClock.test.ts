import { expect, test } from 'vitest'
import { passedShare, shownAt, yearMarks } from './sampleClock'

const DAY = 86_400_000
const START = Date.UTC(1997, 0, 1)
const sample = { at: '1997-01-01T00:00:00.000Z', until: '1998-07-01T00:00:00.000Z', playing: true, speed: 4 }

test('while playing, the date moves by its speed', () => {
  expect(shownAt(sample, 0, 500)).toBe(START + 2 * DAY)
})

test('while paused, the date stands still', () => {
  expect(shownAt({ ...sample, playing: false }, 0, 60_000)).toBe(START)
})

test('a silent server is not outrun', () => {
  expect(shownAt(sample, 0, 60_000)).toBe(shownAt(sample, 0, 1500))
})

test('a clock that went backwards does not turn the date back', () => {
  expect(shownAt(sample, 1000, 0)).toBe(START)
})

test('the date never passes the end of the sample', () => {
  const late = { ...sample, at: '1998-06-30T00:00:00.000Z', speed: 16 }
  expect(shownAt(late, 0, 1500)).toBe(Date.parse(sample.until))
})

test('the share passed lies between nothing and all', () => {
  expect(passedShare(sample.at, sample.until, START - DAY)).toBe(0)
  expect(passedShare(sample.at, sample.until, Date.parse(sample.until) + DAY)).toBe(1)
  expect(passedShare(sample.at, sample.at, START)).toBe(1)
})

test('every year of the sample has its mark', () => {
  const marks = yearMarks(sample.at, sample.until)
  expect(marks.map((mark) => mark.year)).toEqual([1997, 1998])
  expect(marks[0]?.share).toBe(0)
  expect(marks[1]?.share).toBeCloseTo(365 / 546)
})
