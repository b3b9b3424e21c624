import { Handle, type NodeProps, Position, useConnection, useStore } from '@xyflow/react'
import { memo } from 'react'
import { Icon } from '../app/icons'
import { canConnect } from '../journey/commands/connect'
import { iconOf } from '../kinds/icons'
import { kinds } from '../kinds/registry'
import { useNodeCount } from '../live/counts'
import { documentOf, useEditor, useTools } from './context'
import { type Card, IN } from './mapping'
import { PortHandle } from './PortHandle'
import styles from './StepCard.module.css'

/** One card for every kind: what differs is said by its sentence, its family and its ports. */
export const StepCard = memo(function StepCard({ id, data, selected }: NodeProps<Card>) {
  const { family, ports } = data
  const offer = useOffer(id)
  return (
    <div
      className={styles.card}
      data-family={family}
      data-picked={selected}
      data-offer={offer}
      data-testid={`node-${id}`}
    >
      <div className={styles.head}>
        <span className={styles.tile}>
          <Icon name={iconOf(data.type, family)} size={20} />
        </span>
        <span className={styles.words}>
          <span className={styles.sentence} title={data.sentence}>
            {data.sentence}
          </span>
          <SecondLine id={id} title={data.title} family={family} />
        </span>
        <ProblemBadge id={id} />
      </div>
      {ports.length > 1 && (
        <div className={styles.ports}>
          {ports.map((port) => (
            <span key={port.id} className={styles.port} title={port.label}>
              {port.label}
            </span>
          ))}
        </div>
      )}
      {family !== 'trigger' && <Target offer={offer} />}
      {ports.map((port, index) => (
        <PortHandle key={port.id} node={id} port={port} index={index} count={ports.length} />
      ))}
    </div>
  )
})

const PASSED: Readonly<Record<string, string>> = { trigger: 'entered', end: 'finished here' }

function SecondLine({ id, title, family }: { id: string; title: string; family: string }) {
  const { counts, hasCounts, askWho } = useTools()
  const count = useNodeCount(counts, id)
  if (!hasCounts || !count) return <span className={styles.title}>{title}</span>
  const words = (n: number) => n.toLocaleString('en')
  // Where nobody rests, "0 here" says nothing; how many came by does.
  if (family !== 'wait' && count.inside === 0) {
    return (
      <span className={`${styles.title} tabular`} data-testid={`count-${id}`}>
        <b>{words(count.entered)}</b> {PASSED[family] ?? 'came through'}
      </span>
    )
  }
  return (
    <button
      type="button"
      className={`${styles.counts} nodrag tabular`}
      data-testid={`count-${id}`}
      title="See who is here"
      onClick={(event) => {
        event.stopPropagation()
        askWho(id)
      }}
    >
      <b>{words(count.inside)}</b> here · <b>{words(count.left)}</b> left
    </button>
  )
}

function ProblemBadge({ id }: { id: string }) {
  const problems = useEditor((editor) => editor.view.problems.byNode.get(id))
  const first = problems?.[0]
  if (!problems || !first) return null
  const isError = problems.some((problem) => problem.severity === 'error')
  const text = problems.map((problem) => problem.message).join('\n')
  return (
    <span className={styles.badge} data-error={isError} role="img" title={text} aria-label={text}>
      {problems.length > 1 ? problems.length : '!'}
    </span>
  )
}

type Offer = 'idle' | 'offered' | 'refused'

/** Whether a line that is being drawn may end here. */
function useOffer(id: string): Offer {
  const { store } = useTools()
  const from = useConnection((connection) => (connection.inProgress ? (connection.fromNode?.id ?? null) : null))
  const clicked = useStore((state) => state.connectionClickStartHandle?.nodeId ?? null)
  const source = from ?? clicked
  if (source === null || source === id) return 'idle'
  return canConnect(documentOf(store.getState()), source, id, kinds) ? 'offered' : 'refused'
}

/** The whole card takes a line: there is nothing to aim at. */
function Target({ offer }: { offer: Offer }) {
  return (
    <Handle id={IN} type="target" position={Position.Top} className={styles.target} data-offer={offer} tabIndex={-1}>
      {offer === 'offered' && <span className={styles.dropHere}>Drop here</span>}
    </Handle>
  )
}
