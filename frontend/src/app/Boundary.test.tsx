import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { Boundary } from './Boundary'

const broken = { is: true }

function Room() {
  if (broken.is) throw new Error('A part of the app could not be loaded.')
  return <p>The room</p>
}

function house(at: string) {
  return (
    <MantineProvider env="test">
      <p>The navigation</p>
      <Boundary at={at}>
        <Room />
      </Boundary>
    </MantineProvider>
  )
}

test('a room that breaks says so, leaves the rest standing, and is forgotten when one goes elsewhere', () => {
  // React reports the error on the console as well; here it is meant to happen.
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { rerender } = render(house('/inbox'))
  quiet.mockRestore()
  expect(screen.getByRole('alert').textContent).toContain('A part of the app could not be loaded.')
  expect(screen.getByText('The navigation')).toBeDefined()
  broken.is = false
  rerender(house('/contacts'))
  expect(screen.getByText('The room')).toBeDefined()
})
