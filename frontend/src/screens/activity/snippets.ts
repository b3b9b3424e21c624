/** How to send the first events, in words a developer can paste. `origin` is this installation's own address. */

export interface Snippet {
  name: string
  title: string
  text: string
}

export function snippets(origin: string, key: string): Snippet[] {
  return [
    {
      name: 'python',
      title: 'Python',
      text: `# pip install segment-analytics-python
import segment.analytics as analytics

analytics.write_key = "${key}"
analytics.host = "${origin}"

analytics.identify("user-42", {"email": "ada@example.org", "first_name": "Ada"})
analytics.track("user-42", "Signed Up", {"plan": "pro"})
analytics.flush()
`,
    },
    {
      name: 'javascript',
      title: 'JavaScript',
      text: `// npm install @segment/analytics-node
import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: '${key}', host: '${origin}' })

analytics.identify({ userId: 'user-42', traits: { email: 'ada@example.org', first_name: 'Ada' } })
analytics.track({ userId: 'user-42', event: 'Signed Up', properties: { plan: 'pro' } })
await analytics.closeAndFlush()
`,
    },
    {
      name: 'curl',
      title: 'curl',
      text: `curl -u '${key}:' ${origin}/v1/track \\
  -H 'Content-Type: application/json' \\
  -d '{"userId": "user-42", "event": "Signed Up", "properties": {"plan": "pro"}}'
`,
    },
  ]
}
