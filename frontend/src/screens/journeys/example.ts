/** A first journey to begin with: small, whole, and the one the empty page talks about. */
import type { JourneyDocument, Thumbnail } from '../../api/types'

export const EXAMPLE: JourneyDocument = {
  format: 'sojourn/journey@1',
  name: 'Welcome',
  nodes: [
    {
      id: 'start',
      type: 'trigger.event',
      position: { x: 0, y: 0 },
      config: { event: 'Signed Up', where: null },
    },
    {
      id: 'pause',
      type: 'wait.for',
      position: { x: 0, y: 140 },
      config: { duration: { amount: 2, unit: 'days' } },
    },
    {
      id: 'bought',
      type: 'branch.if',
      position: { x: 0, y: 280 },
      config: { branches: [{ port: 'not_yet', label: 'Has not bought yet', when: { did_not: 'Order Completed' } }] },
    },
    {
      id: 'hello',
      type: 'send.email',
      position: { x: -160, y: 420 },
      config: {
        subject: "Good to have you, {{ contact.first_name | default('there') }}",
        body: [
          '<mjml><mj-body><mj-section><mj-column>',
          "<mj-text>Hello {{ contact.first_name | default('there') }},</mj-text>",
          '<mj-text>thank you for signing up. Is there anything we can help you find?</mj-text>',
          '<mj-text font-size="12px"><a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>',
          '</mj-column></mj-section></mj-body></mjml>',
        ].join('\n'),
      },
    },
    { id: 'done', type: 'exit', position: { x: 0, y: 560 }, config: {} },
  ],
  edges: [
    { from: 'start', port: 'next', to: 'pause' },
    { from: 'pause', port: 'next', to: 'bought' },
    { from: 'bought', port: 'not_yet', to: 'hello' },
    { from: 'bought', port: 'else', to: 'done' },
    { from: 'hello', port: 'next', to: 'done' },
  ],
}

const FAMILIES = ['trigger', 'wait', 'branch', 'send', 'end'] as const

export const EXAMPLE_DRAWING: Thumbnail = {
  nodes: EXAMPLE.nodes.map(({ position }, index) => ({ ...position, family: FAMILIES[index] ?? 'end' })),
  edges: [
    [0, 1],
    [1, 2],
    [2, 3],
    [2, 4],
    [3, 4],
  ],
}
