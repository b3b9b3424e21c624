import { MantineProvider } from '@mantine/core'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { ConfirmDialog } from './ConfirmDialog'

function ask(onConfirm: () => Promise<unknown>, typed?: string): string[] {
  const log: string[] = []
  render(
    <MantineProvider env="test">
      <ConfirmDialog
        isOpen
        title="Sure?"
        action="Do it"
        typed={typed}
        onConfirm={async () => {
          log.push('confirmed')
          await onConfirm()
        }}
        onClose={() => log.push('closed')}
      >
        It goes.
      </ConfirmDialog>
    </MantineProvider>,
  )
  return log
}

const action = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Do it' })

test('the action stays shut until the words are typed', async () => {
  const log = ask(async () => {}, 'start for real')
  expect(action().disabled).toBe(true)
  await userEvent.type(screen.getByRole('textbox'), 'start for')
  expect(action().disabled).toBe(true)
  await userEvent.type(screen.getByRole('textbox'), ' Real')
  await userEvent.click(action())
  await waitFor(() => expect(log).toEqual(['confirmed', 'closed']))
})

test('pressing Enter with half the words does nothing', async () => {
  const log = ask(async () => {}, 'delete')
  await userEvent.type(screen.getByRole('textbox'), 'del{Enter}')
  expect(log).toEqual([])
})

test('what went wrong is shown, and the question stays', async () => {
  const log = ask(async () => {
    throw new Error('The journey is live.')
  })
  await userEvent.click(action())
  expect((await screen.findByRole('alert')).textContent).toContain('The journey is live.')
  expect(log).toEqual(['confirmed'])
})
