import { MantineProvider } from '@mantine/core'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test } from 'vitest'
import { ChangePassword } from './ChangePassword'

const real = globalThis.fetch
afterEach(() => {
  globalThis.fetch = real
})

/** Fills the form in and sends it; what was sent, and how often it was closed. */
async function change(answer: () => Response) {
  const sent: unknown[] = []
  let closed = 0
  globalThis.fetch = async (_, options) => {
    sent.push(JSON.parse(String(options?.body)))
    return answer()
  }
  render(
    <MantineProvider env="test">
      <ChangePassword
        email="ada@example.org"
        onClose={() => {
          closed += 1
        }}
      />
    </MantineProvider>,
  )
  await userEvent.click(screen.getByLabelText('Present password'))
  await userEvent.paste('the old one')
  await userEvent.click(screen.getByLabelText('New password'))
  await userEvent.paste('the new one')
  await userEvent.click(screen.getByRole('button', { name: 'Change password' }))
  return { sent, closed: () => closed }
}

test('both passwords are sent, and the form closes', async () => {
  const { sent, closed } = await change(() => new Response(null, { status: 204 }))
  await waitFor(() => expect(closed()).toBe(1))
  expect(sent).toEqual([{ current: 'the old one', new: 'the new one' }])
})

test('what is wrong is said at its field, and the form stays', async () => {
  const errors = [{ field: 'current', message: 'This is not your present password.' }]
  const { closed } = await change(() => new Response(JSON.stringify({ status: 422, errors }), { status: 422 }))
  const said = await screen.findByText('This is not your present password.')
  expect(screen.getByLabelText('Present password').getAttribute('aria-describedby')).toContain(said.id)
  expect(screen.getByLabelText('New password').getAttribute('aria-describedby')).not.toContain(said.id)
  expect(closed()).toBe(0)
})

test('a refusal of no field is said above them', async () => {
  const detail = 'Too many failed logins. Try again in 4 seconds.'
  const { closed } = await change(() => new Response(JSON.stringify({ status: 429, detail }), { status: 429 }))
  await screen.findByText(detail)
  expect(closed()).toBe(0)
})
