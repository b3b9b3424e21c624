import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { Icon } from '../app/icons'

interface SearchFieldProps {
  label: string
  /** Told a quarter of a second after the last key. */
  onSearch: (text: string) => void
  width?: number | string
}

export function SearchField({ label, onSearch, width = 280 }: SearchFieldProps) {
  const [text, setText] = useState('')
  const search = useDebouncedCallback(onSearch, 250)
  function change(next: string) {
    setText(next)
    search(next.trim())
  }
  return (
    <TextInput
      type="search"
      w={width}
      value={text}
      placeholder={label}
      aria-label={label}
      leftSection={<Icon name="search" size={17} />}
      rightSection={text ? <CloseButton size="sm" aria-label="Clear search" onClick={() => change('')} /> : null}
      onChange={(event) => change(event.currentTarget.value)}
    />
  )
}
