import { Autocomplete } from '@mantine/core'
import { useEventChoices } from './choices'

interface Props {
  readonly value: string
  readonly onChange: (name: string) => void
  readonly size?: 'xs' | 'sm'
  readonly label?: string
  readonly description?: string
  readonly error?: string
}

/** The name of an event: those that have come in so far are offered, any other can be typed. */
export function EventInput({ value, onChange, size = 'xs', label, description, error }: Props) {
  const names = useEventChoices()
  return (
    <Autocomplete
      size={size}
      label={label}
      description={description}
      aria-label={label ? undefined : 'Event'}
      placeholder="Such as Order Completed"
      data={[...names]}
      value={value}
      error={error}
      onChange={onChange}
      data-testid="event-name"
    />
  )
}
