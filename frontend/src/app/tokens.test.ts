import { describe, expect, test } from 'vitest'
import { FAMILIES } from './theme'
import css from './tokens.css?raw'

function tokens(scheme: 'light' | 'dark'): Record<string, string> {
  const block = css.split(`[data-mantine-color-scheme="${scheme}"] {`)[1]?.split('}')[0] ?? ''
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]))
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

describe.each(['light', 'dark'] as const)('the %s theme', (scheme) => {
  const t = tokens(scheme)
  const ratio = (ink: string, on: string) => contrast(t[ink] as string, t[on] as string)

  test.each(['page', 'card', 'sunken', 'hover'].flatMap((on) => ['ink', 'muted', 'accent'].map((ink) => [ink, on])))(
    '%s can be read on %s',
    (ink, on) => {
      expect(ratio(ink, on)).toBeGreaterThanOrEqual(4.5)
    },
  )

  test.each(['good', 'warn', 'bad'])('%s can be read on its soft ground and on a card', (name) => {
    expect(ratio(name, `${name}-soft`)).toBeGreaterThanOrEqual(4.5)
    expect(ratio(name, 'card')).toBeGreaterThanOrEqual(4.5)
  })

  test('text on the accent, and the accent on its soft ground, can be read', () => {
    expect(ratio('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5)
    expect(ratio('on-bad', 'bad')).toBeGreaterThanOrEqual(4.5)
    expect(ratio('accent', 'accent-soft')).toBeGreaterThanOrEqual(4.5)
  })

  test('a control can be seen on a card and on the page', () => {
    expect(ratio('control-line', 'card')).toBeGreaterThanOrEqual(3)
    expect(ratio('control-line', 'page')).toBeGreaterThanOrEqual(3)
  })

  test.each(FAMILIES)('the colour of %s can be seen as a line and read as text', (family) => {
    expect(ratio(`family-${family}`, 'card')).toBeGreaterThanOrEqual(3)
    expect(ratio(`family-${family}-ink`, `family-${family}-soft`)).toBeGreaterThanOrEqual(4.5)
    expect(ratio(`family-${family}-ink`, 'card')).toBeGreaterThanOrEqual(4.5)
  })
})
