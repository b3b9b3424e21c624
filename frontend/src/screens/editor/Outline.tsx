import { Drawer } from '@mantine/core'
import { type JourneyDocument, nodeOf } from '../../journey/document'
import { portsOf, sentenceOf } from '../../journey/kind'
import { beginnings } from '../../journey/walk'
import { kinds } from '../../kinds/registry'
import { useEditorState, usePlace } from './context'
import styles from './editor.module.css'

/** The same journey as a nested list: for reading aloud, for keyboards, for small screens. */
export function Outline({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const doc = useEditorState((editor) => editor.history.doc)
  const { store } = usePlace()
  const go = (id: string) => {
    onClose()
    store.getState().focusOn(id, null)
  }
  // A step that several ways lead to is told once in full; the other ways name it.
  const told = new Set<string>()
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size={520}
      title={<strong>{doc.name || 'Outline'}</strong>}
    >
      <ul className={styles.outline}>
        {beginnings(doc, kinds).map((node) => (
          <Step key={node.id} id={node.id} doc={doc} told={told} onGo={go} />
        ))}
      </ul>
      {doc.nodes.length === 0 && <p className="muted">There are no steps yet.</p>}
    </Drawer>
  )
}

interface StepProps {
  readonly id: string
  readonly doc: JourneyDocument
  readonly told: Set<string>
  readonly onGo: (id: string) => void
}

function Step({ id, doc, told, onGo }: StepProps) {
  const node = nodeOf(doc, id)
  if (!node) return null
  const isTold = told.has(id)
  told.add(id)
  const words = sentenceOf(doc, node, kinds)
  const ports = isTold ? [] : portsOf(doc, node, kinds)
  const isFork = ports.length > 1
  const target = (port: string) => doc.edges.find((edge) => edge.from === id && edge.port === port)?.to
  const only = !isFork && ports[0] ? target(ports[0].id) : undefined
  return (
    <>
      <li>
        <button type="button" onClick={() => onGo(id)}>
          {isTold ? `on to: ${words}` : words}
        </button>
        {ports.length === 1 && !only && <span className={styles.way}> (leads nowhere yet)</span>}
        {isFork && (
          <ul>
            {ports.map((port) => {
              const to = target(port.id)
              return (
                <li key={port.id}>
                  <span className={styles.way}>{port.label}:</span>
                  {to ? (
                    <ul>
                      <Step id={to} doc={doc} told={told} onGo={onGo} />
                    </ul>
                  ) : (
                    <span className={styles.way}> leads nowhere yet</span>
                  )}
                </li>
              )
            })}
          </ul>
        )}
      </li>
      {only && <Step id={only} doc={doc} told={told} onGo={onGo} />}
    </>
  )
}
