import { describe, expect, it } from 'vitest'
import { distanceTo, lengthOf, pointAt, roundedPath, route } from './route'
import type { Rect } from './size'

const box = (x: number, y: number): Rect => ({ x, y, width: 264, height: 68 })

function crossings(points: readonly { x: number; y: number }[], boxes: readonly Rect[]): number {
  let hits = 0
  for (let far = 0; far < lengthOf(points); far += 2) {
    const at = pointAt(points, far)
    for (const one of boxes) {
      if (at.x > one.x && at.x < one.x + one.width && at.y > one.y && at.y < one.y + one.height) hits += 1
    }
  }
  return hits
}

describe('the way of an edge', () => {
  it('is one straight line when the cards stand over each other', () => {
    expect(route({ x: 0, y: 0 }, { x: 0, y: 100 }, [])).toEqual([
      { x: 0, y: 0 },
      { x: 0, y: 100 },
    ])
  })

  it('turns near the target, so that the first piece has room for the count', () => {
    const points = route({ x: 0, y: 0 }, { x: 200, y: 100 }, [])
    expect(points).toHaveLength(4)
    expect(points[1]?.y).toBeGreaterThan(70)
  })

  it('goes around the cards in between', () => {
    const between = [box(-132, 150), box(-132, 300)]
    const points = route({ x: 0, y: 68 }, { x: 0, y: 500 }, between)
    expect(crossings(points, between)).toBe(0)
    expect(points[0]).toEqual({ x: 0, y: 68 })
    expect(points.at(-1)).toEqual({ x: 0, y: 500 })
  })

  it('takes the side nearer to both ends', () => {
    const between = [box(-200, 150)]
    const right = route({ x: 0, y: 68 }, { x: 300, y: 400 }, between)
    expect(Math.min(...right.map((point) => point.x))).toBeGreaterThanOrEqual(0)
  })

  it('leads back up beside the cards', () => {
    const cards = [box(-132, 0), box(-132, 150)]
    const points = route({ x: 0, y: 218 }, { x: 0, y: 0 }, cards)
    expect(crossings(points, cards)).toBe(0)
    expect(points[1]?.y).toBeGreaterThan(218)
  })

  it('has only right angles', () => {
    const points = route({ x: 0, y: 0 }, { x: 333, y: 512 }, [box(-100, 150), box(100, 300)])
    for (let i = 1; i < points.length; i++) {
      const a = points[i - 1] as { x: number; y: number }
      const b = points[i] as { x: number; y: number }
      expect(a.x === b.x || a.y === b.y).toBe(true)
    }
  })
})

describe('points on the way', () => {
  const way = [
    { x: 0, y: 0 },
    { x: 0, y: 100 },
    { x: 50, y: 100 },
  ]

  it('are found by how far one has gone', () => {
    expect(lengthOf(way)).toBe(150)
    expect(pointAt(way, 100)).toEqual({ x: 0, y: 100 })
    expect(pointAt(way, 125)).toEqual({ x: 25, y: 100 })
    expect(pointAt(way, 999)).toEqual({ x: 50, y: 100 })
  })

  it('are measured from the nearest piece', () => {
    expect(distanceTo(way, { x: 10, y: 50 })).toBe(10)
    expect(distanceTo(way, { x: 53, y: 104 })).toBe(5)
  })

  it('never round a corner by more than half a piece', () => {
    const short = [
      { x: 0, y: 0 },
      { x: 0, y: 8 },
      { x: 100, y: 8 },
    ]
    expect(roundedPath(short, 14)).toBe('M 0 0 L 0 4 Q 0 8 4 8 L 100 8')
  })
})
