import { Button } from '@mantine/core'
import { useState } from 'react'
import { Icon } from '../app/icons'
import styles from './ui.module.css'

/** Copies, and says so. Without the clipboard (plain http on another machine) it says that instead. */
export function CopyButton({ text, label = 'Copy', size = 'xs' }: { text: string; label?: string; size?: string }) {
  const [said, setSaid] = useState<string | null>(null)
  async function copy() {
    const isCopied = await writeClipboard(text)
    setSaid(isCopied ? 'Copied' : 'Select it and press Ctrl C')
    setTimeout(() => setSaid(null), 2500)
  }
  return (
    <Button
      variant="default"
      size={size}
      leftSection={<Icon name={said === 'Copied' ? 'check' : 'copy'} size={15} />}
      onClick={copy}
      aria-live="polite"
    >
      {said ?? label}
    </Button>
  )
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

export function Code({ children }: { children: string }) {
  return (
    <div className={styles.code}>
      <div className={styles.codeCopy}>
        <CopyButton text={children} />
      </div>
      {/* Scrollable, so it must be reachable by key. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls needs focus for the arrow keys */}
      <pre tabIndex={0}>{children}</pre>
    </div>
  )
}
