import { nodeOf } from '../../../journey/document'
import { familyOf, sentenceOf } from '../../../journey/kind'
import { iconOf } from '../../../kinds/icons'
import { kinds } from '../../../kinds/registry'
import { useNodeCount } from '../../../live/counts'
import { useEditorState, usePlace } from '../context'
import { People } from '../PeopleDrawer'
import { DeliveryCard } from './DeliveryCard'
import { useDeliveries } from './deliveries'
import { Head } from './Head'
import { Figure } from './Overview'
import styles from './panel.module.css'

const CAME: Readonly<Record<string, string>> = { trigger: 'started here', end: 'finished here' }

/** One step as it runs: how many came, are here and left, and who they are. */
export function LiveNode({ id }: { id: string }) {
  const { counts, journey } = usePlace()
  const doc = useEditorState((editor) => editor.history.doc)
  const count = useNodeCount(counts, id)
  const deliveries = useDeliveries(journey.id).data
  const node = nodeOf(doc, id)
  if (!node) return null
  const family = familyOf(node.type, kinds)
  const canRest = family === 'wait' || (count?.inside ?? 0) > 0
  return (
    <>
      <Head icon={iconOf(node.type, family)} family={family} kind={kinds(node.type)?.title ?? node.type}>
        <div className={styles.title}>{sentenceOf(doc, node, kinds)}</div>
      </Head>
      <div className={styles.body}>
        <div className={`${styles.numbers} tabular`} data-three={canRest}>
          <Figure n={count?.entered} words={CAME[family] ?? 'came here'} />
          {canRest && <Figure n={count?.inside} words="here now" />}
          {family !== 'end' && <Figure n={count?.left} words="went on" />}
        </div>
        {family === 'send' && deliveries && (
          <section className={styles.section}>
            <h3>Messages</h3>
            <DeliveryCard node={id} title="What became of them" deliveries={deliveries} />
          </section>
        )}
        {canRest && (
          <section className={styles.section}>
            <h3>Here now</h3>
            <People node={id} />
          </section>
        )}
      </div>
    </>
  )
}
