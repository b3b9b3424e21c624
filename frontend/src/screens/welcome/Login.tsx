import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ApiProblem, reasonOf } from '../../api/client'
import { useSignIn } from '../../api/session'
import { count } from '../../ui/format'
import { Note } from '../../ui/Note'
import { Welcome } from './Welcome'

export default function Login() {
  const { signIn } = useSignIn()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setRefusal(null)
    try {
      await signIn({ email: email.trim(), password })
    } catch (error) {
      setRefusal(whyNot(error))
      setBusy(false)
    }
  }

  return (
    <Welcome title="Welcome back" lead="Log in to see where everybody is.">
      <form onSubmit={submit}>
        <Stack gap="md">
          {refusal && <Note tone="bad">{refusal}</Note>}
          <TextInput
            label="E-mail"
            type="email"
            size="md"
            required
            withAsterisk={false}
            autoComplete="username"
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            size="md"
            required
            withAsterisk={false}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" size="md" mt="xs" loading={isBusy} fullWidth>
            Log in
          </Button>
        </Stack>
      </form>
    </Welcome>
  )
}

function whyNot(error: unknown): string {
  if (!(error instanceof ApiProblem)) return reasonOf(error)
  if (error.status === 401) return 'This e-mail and password do not belong together. Please try again.'
  if (error.status === 429) {
    const wait = error.retryAfter ?? 60
    const pause = wait < 90 ? count(wait, 'second') : count(Math.ceil(wait / 60), 'minute')
    return `Too many tries. Please wait ${pause} and try again.`
  }
  return error.message
}
