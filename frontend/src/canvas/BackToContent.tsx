import { Button } from '@mantine/core'
import { useStore } from '@xyflow/react'
import styles from './Canvas.module.css'

/** The way home when the whole journey has been pushed out of sight. */
export function BackToContent({ onClick }: { onClick: () => void }) {
  const isLost = useStore(({ transform: [x, y, zoom], width, height, nodes }) => {
    if (width === 0) return false
    return nodes.every((node) => {
      const left = node.position.x * zoom + x
      const top = node.position.y * zoom + y
      return left > width || top > height || left + (node.width ?? 0) * zoom < 0 || top + (node.height ?? 0) * zoom < 0
    })
  })
  if (!isLost) return null
  return (
    <Button className={styles.back} size="compact-md" radius="xl" onClick={onClick}>
      Back to the journey
    </Button>
  )
}
