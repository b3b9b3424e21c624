import { describe, expect, it } from 'vitest'
import { emptyJourney, type JourneyNode } from '../journey/document'
import { evenedOut, sumOf } from './branch.split/definition'
import { FORMS } from './forms'
import { found, KINDS, kinds } from './registry'
import { readable } from './send.email/definition'
import { formatOf, insertedAt, tokensFor } from './send.email/tokens'

const doc = emptyJourney('A')
const said = (type: string, config: Record<string, unknown>, nodes: JourneyNode[] = []) =>
  kinds(type)?.sentence(config, { doc: { ...doc, nodes } })
const ports = (type: string, config: Record<string, unknown>) => kinds(type)?.ports(config)

describe('every kind', () => {
  it.each(KINDS)('$type has its whole row', (kind) => {
    expect(FORMS[kind.type]).toBeTypeOf('function')
    expect(kind.help.length).toBeGreaterThan(10)
    const config = kind.defaults()
    expect(kind.sentence(config, { doc })).not.toBe('')
    expect(kind.ports(config).length > 0).toBe(kind.family !== 'end')
    expect(new Set(kind.ports(config).map((port) => port.id)).size).toBe(kind.ports(config).length)
  })

  it('survives a config that is not finished', () => {
    for (const kind of KINDS) {
      expect(() => kind.sentence({}, { doc })).not.toThrow()
      expect(() => kind.ports({})).not.toThrow()
    }
  })

  it('is found by name first, then by other words', () => {
    expect(found('wait').map((kind) => kind.type)).toEqual(['wait.for', 'wait.event'])
    expect(found('percent').map((kind) => kind.type)).toEqual(['branch.split'])
    expect(found('zzz')).toEqual([])
    expect(found('')).toHaveLength(KINDS.length)
  })
})

describe('sentences', () => {
  it.each([
    ['wait.for', { duration: { amount: 2, unit: 'days' } }, 'Wait 2 days'],
    ['wait.for', { duration: { amount: 1, unit: 'hours' } }, 'Wait 1 hour'],
    ['trigger.event', { event: 'Signed Up', where: null }, 'When Signed Up happens'],
    [
      'trigger.event',
      { event: 'Order Completed', where: { field: 'amount', op: 'gte', value: 100 } },
      'When Order Completed happens, amount is at least 100',
    ],
    ['branch.if', { branches: [{ port: 'yes', when: { field: 'plan', op: 'is', value: 'pro' } }] }, 'If plan is pro'],
    ['branch.if', { branches: [{ port: 'a' }, { port: 'b' }] }, 'Check 2 conditions'],
    [
      'branch.split',
      {
        shares: [
          { port: 'a', share: 33.34 },
          { port: 'b', share: 66.66 },
        ],
      },
      'Split 33.34 / 66.66',
    ],
    ['send.email', { subject: "Hi {{ contact.first_name | default('there') }}" }, 'Send “Hi {first name}”'],
    ['send.email', { subject: '' }, 'Send an e-mail'],
    ['update.contact', { set: { plan: 'pro', stage: 2 } }, 'Set plan to pro, and 1 more'],
    ['update.contact', { set: { plan: null } }, 'Clear plan'],
    ['tag', { add: ['vip'], remove: ['new'] }, 'Add tag vip; remove new'],
  ])('%s %j', (type, config, sentence) => {
    expect(said(type, config)).toBe(sentence)
  })

  it('name the message a condition asks about', () => {
    const email = { id: 'email-1', type: 'send.email', position: { x: 0, y: 0 }, config: { subject: 'Welcome' } }
    const config = { branches: [{ port: 'yes', when: { message: 'email-1', was: 'opened' } }] }
    expect(said('branch.if', config, [email])).toBe('If they opened “Welcome”')
  })
})

describe('ports', () => {
  it('of a wait for an event have a timeout only when there is one', () => {
    expect(ports('wait.event', { event: 'A', timeout: null })?.map((port) => port.id)).toEqual(['happened'])
    expect(ports('wait.event', { event: 'A', timeout: { amount: 3, unit: 'days' } })).toEqual([
      { id: 'happened', label: 'It happened' },
      { id: 'timeout', label: 'After 3 days' },
    ])
  })

  it('of a branch end in the rest, called No beside a Yes', () => {
    expect(ports('branch.if', { branches: [{ port: 'yes', label: 'Yes' }] })?.map((port) => port.label)).toEqual([
      'Yes',
      'No',
    ])
    expect(ports('branch.if', { branches: [{ port: 'pro', label: 'On Pro' }] })?.at(-1)).toEqual({
      id: 'else',
      label: 'Otherwise',
    })
  })
})

describe('shares', () => {
  it.each([2, 3, 6, 7, 11])('even out over %i ways to exactly 100', (count) => {
    const shares = Array.from({ length: count }, (_, index) => ({ port: `p${index}`, share: 0 }))
    const even = evenedOut(shares)
    expect(sumOf(even)).toBe(100)
    expect(Math.max(...even.map((one) => one.share)) - Math.min(...even.map((one) => one.share))).toBeLessThan(0.011)
  })

  it('are summed without the dust of fractions', () => {
    expect(
      sumOf([
        { port: 'a', share: 33.33 },
        { port: 'b', share: 33.33 },
        { port: 'c', share: 33.34 },
      ]),
    ).toBe(100)
  })
})

describe('messages', () => {
  it('are told apart by how they start', () => {
    expect(['  <mjml>', '<p>Hi</p>', 'Hi {{ contact.first_name }}', ''].map(formatOf)).toEqual([
      'MJML',
      'HTML',
      'Plain text',
      'Plain text',
    ])
  })

  it('take a token at the caret, in place of what is selected', () => {
    expect(insertedAt('Hi you!', '{{ x }}', 3, 6)).toEqual({ text: 'Hi {{ x }}!', caret: 10 })
  })

  it('offer tokens that a template can read', () => {
    const fields = [
      { name: 'first_name', label: 'First name', type: 'text' as const },
      { name: 'favourite colour', label: 'Colour', type: 'text' as const },
    ]
    expect(tokensFor(fields, [{ name: 'amount', label: 'amount', type: 'any' }]).map((token) => token.text)).toEqual([
      "{{ contact.first_name | default('there') }}",
      "{{ contact['favourite colour'] }}",
      '{{ event.amount }}',
    ])
  })

  it('read without braces', () => {
    expect(readable('Hi {{contact.first_name}}, {% if x %}you{% endif %} bought {{ event.item }}')).toBe(
      'Hi {first name}, you bought {item}',
    )
  })
})
