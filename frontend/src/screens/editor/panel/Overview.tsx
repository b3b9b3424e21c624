import { sentenceOf } from '../../../journey/kind'
import { kinds } from '../../../kinds/registry'
import { useOutcomes } from '../../../live/counts'
import { number } from '../../../ui/format'
import { useEditorState, usePlace } from '../context'
import { DeliveryCard } from './DeliveryCard'
import { useDeliveries } from './deliveries'
import { Head } from './Head'
import styles from './panel.module.css'

/** The journey as it runs: how people ended, and what became of its messages. */
export function Overview() {
  const { counts, journey } = usePlace()
  const outcomes = useOutcomes(counts)
  const deliveries = useDeliveries(journey.id).data
  const doc = useEditorState((editor) => editor.history.doc)
  const sends = doc.nodes.filter((node) => kinds(node.type)?.family === 'send')
  const gone = Object.keys(deliveries?.nodes ?? {}).filter((id) => !sends.some((node) => node.id === id))
  return (
    <>
      <Head icon="activity" family="trigger" kind={journey.version ? `Version ${journey.version.number}` : 'Live'}>
        <div className={styles.title}>How it runs</div>
      </Head>
      <div className={styles.body}>
        <div className={`${styles.numbers} tabular`} data-testid="outcomes">
          <Figure n={outcomes?.entered} words="entered" />
          <Figure n={outcomes?.inside} words="inside now" />
          <Figure n={outcomes?.completed} words="completed" />
          <Figure n={outcomes?.exited} words="left early" />
          {(outcomes?.failed ?? 0) > 0 && <Figure n={outcomes?.failed} words="failed" tone="bad" />}
        </div>
        {deliveries && (sends.length > 0 || gone.length > 0) && (
          <section className={styles.section}>
            <h3>Messages</h3>
            <div className={styles.deliveries}>
              {sends.map((node) => (
                <DeliveryCard
                  key={node.id}
                  node={node.id}
                  title={sentenceOf(doc, node, kinds).replace(/^Send /, '')}
                  deliveries={deliveries}
                />
              ))}
              {gone.map((id) => (
                <DeliveryCard key={id} node={id} title={`${id} (an earlier version’s)`} deliveries={deliveries} />
              ))}
            </div>
          </section>
        )}
        <p className={styles.help}>Choose a step to see who is there. Numbers move as people do.</p>
      </div>
    </>
  )
}

interface FigureProps {
  readonly n: number | undefined
  readonly words: string
  readonly tone?: 'bad'
}

export function Figure({ n, words, tone }: FigureProps) {
  return (
    <div className={styles.number} data-tone={tone}>
      <b>{n === undefined ? '–' : number(n)}</b>
      <span>{words}</span>
    </div>
  )
}
