import { expect, test } from 'vitest'
import { fitted } from './fitted'

const node = (x: number, y: number) => ({ x, y, family: 'wait' as const })

test('an empty journey draws nothing', () => {
  expect(fitted({ nodes: [], edges: [] }, 320, 132).slips).toEqual([])
})

test('one step stands in the middle', () => {
  const { slips } = fitted({ nodes: [node(5000, -3000)], edges: [] }, 320, 132)
  expect(slips[0]).toMatchObject({ x: 160, y: 66 })
})

test('every step lies inside, however large the journey', () => {
  const nodes = Array.from({ length: 60 }, (_, i) => node((i % 7) * 400, i * 140))
  const { slips, scale } = fitted({ nodes, edges: [] }, 320, 132)
  expect(slips.every(({ x, y }) => x >= 0 && x <= 320 && y >= 0 && y <= 132)).toBe(true)
  expect(scale).toBe(0.35)
})

test('steps keep their order from left to right and from top to bottom', () => {
  const { slips } = fitted({ nodes: [node(-200, 0), node(200, 140), node(0, 280)], edges: [] }, 320, 132)
  expect((slips[0]?.x ?? 0) < (slips[2]?.x ?? 0) && (slips[2]?.x ?? 0) < (slips[1]?.x ?? 0)).toBe(true)
  expect((slips[0]?.y ?? 0) < (slips[1]?.y ?? 0)).toBe(true)
})
