import { describe, expect, it } from 'vitest'
import { drawn, testKinds as kinds } from './building'
import { move } from './commands/move'
import { tidyUp } from './commands/tidyUp'
import { differences } from './differences'
import { freeId, isSameDocument, type JourneyDocument, normalised } from './document'
import { geometryOf, nearestPort, portFromKey } from './geometry'
import { problemAt, problemsOf, standing } from './problem'
import { lengthOf, pointAt } from './route'
import { overlaps, rectOf } from './size'
import { downstream, neighbour, readingOrder, upstream } from './walk'

/** Steps put at open ends at random, sometimes merging two ends, sometimes leading back; the rest ends together. */
function randomJourney(random: () => number, size: number): JourneyDocument {
  const lines: string[] = []
  const ids = ['start']
  const open = ['start']
  const take = () => open.splice(Math.floor(random() * open.length), 1)[0] as string
  while (ids.length < size && open.length > 0) {
    const chance = random()
    if (chance < 0.06 && open.length > 1 && ids.length > 4) {
      lines.push(`${take()} > ${ids[2]}`)
      continue
    }
    const id = `${chance < 0.4 ? 'if' : chance < 0.7 ? 'wait' : 'email'}-${ids.length}`
    lines.push(`${take()} > ${id}`)
    if (chance > 0.85 && open.length > 0) lines.push(`${take()} > ${id}`)
    ids.push(id)
    open.push(...(id.startsWith('if') ? [`${id}:yes`, `${id}:else`] : [id]))
  }
  for (const end of open) lines.push(`${end} > end`)
  return drawn(...lines)
}

const FORK = ['start > if', 'if:yes > email > end', 'if:else > wait > end']

describe('walking', () => {
  it('reads depth first, ports left to right, each step once', () => {
    expect(readingOrder(drawn(...FORK), kinds)).toEqual(['start', 'if', 'email', 'end', 'wait'])
  })

  it('reads closed circles and lonely steps too', () => {
    expect(readingOrder(drawn('wait > email > wait', 'end'), kinds).sort()).toEqual(['email', 'end', 'wait'])
  })

  it('follows the edges with the arrow keys', () => {
    const doc = drawn(...FORK)
    expect(neighbour(doc, 'start', 'down', kinds)).toBe('if')
    expect(neighbour(doc, 'if', 'down', kinds)).toBe('email')
    expect(neighbour(doc, 'email', 'up', kinds)).toBe('if')
    expect(neighbour(doc, 'end', 'down', kinds)).toBeNull()
  })

  it('goes aside to a sibling first', () => {
    const doc = move(drawn(...FORK), {
      email: { x: -200, y: 320 },
      wait: { x: 200, y: 320 },
      end: { x: 90, y: 330 },
    })?.doc
    expect(neighbour(doc as JourneyDocument, 'email', 'right', kinds)).toBe('wait')
    expect(neighbour(doc as JourneyDocument, 'email', 'left', kinds)).toBeNull()
  })

  it('finds everything before and after a step', () => {
    const doc = drawn(...FORK)
    expect([...downstream(doc, 'email')].sort()).toEqual(['email', 'end'])
    expect([...upstream(doc, 'email')].sort()).toEqual(['email', 'if', 'start'])
  })
})

describe('names', () => {
  it('go on from the highest number', () => {
    expect(freeId([], 'wait')).toBe('wait-1')
    expect(freeId(['wait-1', 'wait-7', 'wait-x', 'waiting-9'], 'wait')).toBe('wait-8')
  })

  it('are split at the first colon', () => {
    expect(portFromKey('if-1:else')).toEqual({ from: 'if-1', port: 'else' })
  })
})

describe('tidying up', () => {
  it('keeps ports left to right, cards apart and the top left in place', () => {
    const doc = {
      ...drawn(...FORK),
      nodes: drawn(...FORK).nodes.map((node) => ({ ...node, position: { x: 40, y: 80 } })),
    }
    const change = tidyUp(doc, new Set(), kinds)
    const at = (id: string) => change?.doc.nodes.find((node) => node.id === id)?.position ?? { x: 0, y: 0 }
    expect(at('email').x).toBeLessThan(at('wait').x)
    expect(at('email').y).toBe(at('wait').y)
    expect(at('start').y).toBe(80)
    expect(Math.min(...(change?.doc.nodes ?? []).map((node) => node.position.x))).toBe(40)
    const rects = (change?.doc.nodes ?? []).map((node) => rectOf(doc, node, kinds))
    for (const [index, a] of rects.entries()) for (const b of rects.slice(index + 1)) expect(overlaps(a, b)).toBe(false)
  })

  it('keeps the order where ways merge far below, and what follows a branch close to it', () => {
    const doc = drawn(
      'start > if',
      'if:yes > email > end',
      'if:else > wait > if-2',
      'if-2:yes > email-2 > end',
      'if-2:else > end',
    )
    const change = tidyUp(doc, new Set(), kinds)
    const at = (id: string) => change?.doc.nodes.find((node) => node.id === id)?.position ?? { x: 0, y: 0 }
    expect(at('email').x).toBeLessThan(at('wait').x)
    expect(at('email').y).toBe(at('wait').y)
    expect(at('end').y).toBeGreaterThan(at('email-2').y)
  })

  it('leaves a lane free beside a deeper branch', () => {
    const doc = drawn('start > if', 'if:yes > end', 'if:else > wait > email > wait-2 > end')
    const change = tidyUp(doc, new Set(), kinds)?.doc as JourneyDocument
    const geometry = geometryOf(change, kinds, null)
    const way = geometry.routes.get('if:yes') ?? []
    for (const box of geometry.rects.values()) {
      for (let far = 0; far < lengthOf(way); far += 3) {
        const { x, y } = pointAt(way, far)
        expect(x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height).toBe(false)
      }
    }
  })

  it('never swaps ports, never lays cards over each other, and knows circles', () => {
    const random = (seed: number) => () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed / 2_147_483_648
    }
    for (let seed = 1; seed <= 60; seed++) {
      const doc = randomJourney(random(seed), 30)
      const places = tidyUp(doc, new Set(), kinds)?.doc ?? doc
      const rects = new Map(places.nodes.map((node) => [node.id, rectOf(places, node, kinds)]))
      const boxes = [...rects.values()]
      for (const [index, a] of boxes.entries()) {
        for (const b of boxes.slice(index + 1)) expect(overlaps(a, b, 8)).toBe(false)
      }
      for (const node of doc.nodes.filter((one) => one.type === 'if')) {
        const [yes, no] = ['yes', 'else'].map(
          (port) => doc.edges.find((one) => one.from === node.id && one.port === port)?.to,
        )
        if (!yes || !no || [yes, no].some((id) => doc.edges.filter((edge) => edge.to === id).length > 1)) continue
        expect(rects.get(yes)?.x).toBeLessThan(rects.get(no)?.x ?? 0)
      }
    }
  })

  it('moves only the selected ones when there are several', () => {
    const doc = drawn(...FORK)
    const change = tidyUp(doc, new Set(['email', 'wait']), kinds)
    const moved = doc.nodes.filter((node) => !change?.doc.nodes.includes(node)).map((node) => node.id)
    expect(moved.every((id) => id === 'email' || id === 'wait')).toBe(true)
    expect(moved.length).toBeGreaterThan(0)
  })

  it('is nothing the second time', () => {
    const once = tidyUp(drawn(...FORK), new Set(), kinds)
    expect(tidyUp(once?.doc as JourneyDocument, new Set(), kinds)).toBeNull()
  })
})

describe('geometry', () => {
  it('is the same object while nothing moved', () => {
    const doc = drawn(...FORK)
    const first = geometryOf(doc, kinds, null)
    expect(geometryOf({ ...doc, name: 'Other' }, kinds, first)).toBe(first)
    const moved = move(doc, { email: { x: 500, y: 320 } })?.doc as JourneyDocument
    expect(geometryOf(moved, kinds, first)).not.toBe(first)
  })

  it('knows open ports and edges, and which is nearest', () => {
    const doc = drawn('start > if', 'if:yes > email')
    const geometry = geometryOf(doc, kinds, null)
    expect([...geometry.stubs.keys()].sort()).toEqual(['email:next', 'if:else'])
    expect([...geometry.routes.keys()].sort()).toEqual(['if:yes', 'start:next'])
    const stub = geometry.stubs.get('if:else') as { x: number; y: number }
    expect(nearestPort(geometry, stub, 40)).toBe('if:else')
    expect(nearestPort(geometry, { x: 132, y: 110 }, 40)).toBe('start:next')
    expect(nearestPort(geometry, { x: 5_000, y: 0 }, 40)).toBeNull()
  })

  it('leaves out edges into nothing', () => {
    const doc = { ...drawn('start'), edges: [{ from: 'start', port: 'next', to: 'gone' }] }
    expect([...geometryOf(doc, kinds, null).stubs.keys()]).toEqual(['start:next'])
  })
})

describe('problems', () => {
  const problem = { severity: 'error', code: 'missing', node: 'wait', message: 'Say how long.', fix: '' } as const

  it('are found at their node and their field', () => {
    const problems = problemsOf([
      { ...problem, field: 'config.duration.amount' },
      { ...problem, node: null, field: null },
    ])
    expect(problems.errors).toBe(2)
    expect(problems.byNode.get('wait')).toHaveLength(1)
    expect(problemAt(problems.list, 'duration')).toBe('Say how long.')
    expect(problemAt(problems.list, 'dura')).toBeUndefined()
  })

  it('step back while their field is being typed in', () => {
    const list = [{ ...problem, field: 'config.subject' }]
    expect(standing(list, { subject: 'H' }, { subject: '' })).toEqual([])
    expect(standing(list, { subject: '' }, { subject: '' })).toEqual(list)
  })
})

describe('two versions', () => {
  it('are told apart in words', () => {
    const mine = drawn('start > wait > end')
    const theirs = { ...drawn('start > end'), name: 'Theirs' }
    expect(differences(mine, theirs, kinds)).toEqual(['is called “Test”', 'has “wait”', 'has 2 other lines'])
    expect(differences(mine, mine, kinds)).toEqual([])
  })

  it('are the same whatever the order of their keys, and with empty settings', () => {
    const mine = drawn('start > end')
    const { name, nodes, ...rest } = mine
    const answered = {
      ...rest,
      settings: {},
      nodes: nodes.map(({ id, type, ...more }) => ({ ...more, type, id })),
      name,
    }
    expect(isSameDocument(mine, answered)).toBe(true)
    expect(isSameDocument(mine, { ...answered, nodes: [...answered.nodes].reverse() })).toBe(false)
    expect(isSameDocument(mine, { ...answered, name: 'Other' })).toBe(false)
  })

  it('are the same when only cards were moved', () => {
    const mine = drawn('start > end')
    const moved = move(mine, { end: { x: 300, y: 300 } })?.doc as JourneyDocument
    expect(differences(moved, mine, kinds)).toEqual([])
  })
})

describe('a careless file', () => {
  it('is given places and configs', () => {
    const doc = normalised({ nodes: [{ id: 'a', type: 'wait' } as never, { id: 'b', type: 'end' } as never] })
    expect(doc.nodes.map((node) => node.position.y)).toEqual([0, 168])
    expect(doc.nodes[0]?.config).toEqual({})
    expect(doc.edges).toEqual([])
  })
})
