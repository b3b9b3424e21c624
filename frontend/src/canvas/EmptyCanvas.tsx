import { Button } from '@mantine/core'
import { useReactFlow } from '@xyflow/react'
import { Icon } from '../app/icons'
import styles from './Canvas.module.css'
import { useTools } from './context'
import type { Card, Line } from './mapping'
import { beginning } from './viewport'

/** An empty canvas invites: the first step is one click away. */
export function EmptyCanvas({ isEditing }: { isEditing: boolean }) {
  const { openMenu } = useTools()
  const flow = useReactFlow<Card, Line>()
  return (
    <div className={styles.empty}>
      <div className={styles.invitation}>
        <h2>How do people enter?</h2>
        <p>
          A journey begins with a moment: someone signs up, someone buys, or you say so. Then you decide what follows.
        </p>
        {isEditing && (
          <Button
            size="md"
            leftSection={<Icon name="plus" size={17} />}
            onClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect()
              openMenu({ screen: { x: box.x + box.width / 2, y: box.bottom }, at: null, middle: beginning(flow) })
            }}
          >
            Add the first step
          </Button>
        )}
      </div>
    </div>
  )
}
