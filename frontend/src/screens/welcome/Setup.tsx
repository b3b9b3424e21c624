import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useSearch } from 'wouter'
import { ApiProblem, reasonOf } from '../../api/client'
import { useSignIn } from '../../api/session'
import { Note } from '../../ui/Note'
import { Welcome } from './Welcome'

/** The first account. The token came with the address the server printed when it started. */
export default function Setup() {
  const token = new URLSearchParams(useSearch()).get('token')
  if (!token) return <NoToken />
  return (
    <Welcome title="Make it yours" lead="The first account on this installation. Others can be invited later.">
      <SetupForm token={token} />
    </Welcome>
  )
}

function NoToken() {
  return (
    <Welcome title="Almost there" lead="This installation has no account yet.">
      <Note>
        Look where you started Sojourn: it printed a one-time link that ends in <code>/setup?token=…</code>. Open that
        link to make the first account. A fresh link is printed at every start.
      </Note>
    </Welcome>
  )
}

function SetupForm({ token }: { token: string }) {
  const { setUp } = useSignIn()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const isAboutFields = Object.keys(fields).some((field) => ['name', 'email', 'password'].includes(field))

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await setUp({ token, name: name.trim(), email: email.trim(), password })
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {problem !== null && !isAboutFields && <Note tone="bad">{whyNot(problem)}</Note>}
        <TextInput
          label="Your name"
          size="md"
          autoComplete="name"
          autoFocus
          value={name}
          error={fields.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="E-mail"
          type="email"
          size="md"
          required
          withAsterisk={false}
          autoComplete="username"
          value={email}
          error={fields.email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          description="Eight characters or more. A few words in a row are good."
          size="md"
          required
          withAsterisk={false}
          autoComplete="new-password"
          value={password}
          error={fields.password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" mt="xs" loading={isBusy} fullWidth>
          Create the account
        </Button>
      </Stack>
    </form>
  )
}

function whyNot(error: unknown): string {
  if (error instanceof ApiProblem && error.status === 403)
    return 'This link is no longer valid. Start Sojourn again and open the new link it prints.'
  if (error instanceof ApiProblem && error.status === 409)
    return 'This installation has its first account already. Open the page without the link to log in.'
  return reasonOf(error)
}
