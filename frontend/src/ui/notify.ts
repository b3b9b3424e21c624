import { notifications } from '@mantine/notifications'

export function done(message: string): void {
  notifications.show({ message, color: 'teal', autoClose: 4000 })
}

export function failed(error: unknown, what: string): void {
  const reason = error instanceof Error ? error.message : String(error)
  notifications.show({ title: what, message: reason, color: 'danger', autoClose: 10_000 })
}
