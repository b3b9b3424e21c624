import { describe, expect, test } from 'vitest'
import { ago, bytes, count, day, moment, people, percent, shortNumber, value, words } from './format'

const NOON = Date.UTC(1997, 2, 14, 12)
const MINUTE = 60_000
const DAY = 1440 * MINUTE

describe('numbers', () => {
  test('one person is a person, many are people, with separators', () => {
    expect([people(0), people(1), people(2357)]).toEqual(['0 people', '1 person', '2,357 people'])
    expect(count(1, 'message')).toBe('1 message')
  })

  test('a number is shortened only from ten thousand on', () => {
    expect([shortNumber(9999), shortNumber(12_345), shortNumber(1_200_000)]).toEqual(['9,999', '12.3K', '1.2M'])
  })

  test('a small share never reads as nothing', () => {
    expect([percent(0), percent(0.001), percent(0.5), percent(1)]).toEqual(['0 %', '<1 %', '50 %', '100 %'])
  })

  test('a file weighs bytes, kB or MB', () => {
    expect([bytes(1), bytes(3400), bytes(2_500_000)]).toEqual(['1 byte', '3.4 kB', '2.5 MB'])
  })
})

describe('moments', () => {
  test('a moment is told in the zone asked for', () => {
    expect(moment('1997-03-14T23:30:00.000Z', 'Europe/Berlin')).toBe('15 Mar 1997, 00:30')
    expect(day('1997-03-14T23:30:00.000Z', 'UTC')).toBe('14 March 1997')
  })

  test('an unknown zone falls back to UTC instead of failing', () => {
    expect(moment(NOON, 'Moon/Base')).toBe('14 Mar 1997, 12:00')
  })

  test.each([
    [NOON - 10_000, 'just now'],
    [NOON - MINUTE, '1 minute ago'],
    [NOON - 90 * MINUTE, '2 hours ago'],
    [NOON - 3 * DAY, '3 days ago'],
    [NOON + 2 * DAY, 'in 2 days'],
    [NOON - 40 * DAY, '2 February 1997'],
  ])('%d is %s', (at, said) => {
    expect(ago(at, NOON)).toBe(said)
  })
})

describe('values and names', () => {
  test.each([
    [null, '—'],
    [true, 'yes'],
    [1234.5, '1,234.5'],
    [['a', 'b'], 'a, b'],
    [{ a: 1 }, '{"a":1}'],
  ])('%j reads %s', (raw, said) => {
    expect(value(raw)).toBe(said)
  })

  test('a technical name becomes words', () => {
    expect([words('average_order_value'), words('firstName'), words('Order Completed')]).toEqual([
      'Average order value',
      'First name',
      'Order completed',
    ])
  })
})
