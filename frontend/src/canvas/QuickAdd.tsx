import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { Icon } from '../app/icons'
import { addAt, addNode } from '../journey/commands/addNode'
import type { KindDefinition } from '../journey/kind'
import { iconOf } from '../kinds/icons'
import { FAMILY_TITLES, found, KINDS, kinds } from '../kinds/registry'
import { type MenuPlace, useTools } from './context'
import styles from './QuickAdd.module.css'

interface Props {
  readonly place: MenuPlace
  readonly onClose: () => void
  readonly onAdded: () => void
}

/** The list of steps that opens on a +, on `/`, and where a line is dropped on nothing. */
export function QuickAdd({ place, onClose, onAdded }: Props) {
  const { store } = useTools()
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  const list = useId()
  const offered = found(
    query,
    KINDS.filter((kind) => place.at === null || kind.family !== 'trigger'),
  )
  const current = Math.min(active, offered.length - 1)
  useKeptInside(box, place)

  useEffect(() => {
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) onClose()
    }
    window.addEventListener('pointerdown', outside, true)
    return () => window.removeEventListener('pointerdown', outside, true)
  }, [onClose])

  useEffect(() => {
    box.current?.querySelector(`[data-index="${current}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [current])

  const choose = (kind: KindDefinition | undefined) => {
    if (!kind) return
    onClose()
    const { at, middle } = place
    store.getState().act((doc) => (at ? addAt(doc, kind, at, kinds) : addNode(doc, kind, middle, kinds)))
    onAdded()
  }

  const onKey = (event: React.KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Escape') onClose()
    else if (event.key === 'ArrowDown') setActive((current + 1) % Math.max(offered.length, 1))
    else if (event.key === 'ArrowUp') setActive((current - 1 + offered.length) % Math.max(offered.length, 1))
    else if (event.key === 'Enter') choose(offered[current])
    else return
    event.preventDefault()
  }

  return (
    <div ref={box} className={styles.menu} role="dialog" aria-label="Add a step" data-testid="quick-add">
      <div className={styles.search}>
        <Icon name="search" size={16} />
        <input
          // biome-ignore lint/a11y/noAutofocus: the menu was asked for by the person a moment ago
          autoFocus
          value={query}
          placeholder="What happens next?"
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={offered[current] ? `${list}-${current}` : undefined}
          aria-label="Find a step"
          onChange={(event) => {
            setQuery(event.target.value)
            setActive(0)
          }}
          onKeyDown={onKey}
        />
      </div>
      <div className={styles.list} role="listbox" id={list} aria-label="Steps">
        {offered.map((kind, index) => (
          <div key={kind.type}>
            {query === '' && kind.family !== offered[index - 1]?.family && (
              <div className={styles.family}>{FAMILY_TITLES[kind.family]}</div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the search field, which keeps the focus */}
            <div
              role="option"
              tabIndex={-1}
              id={`${list}-${index}`}
              aria-selected={index === current}
              data-index={index}
              data-family={kind.family}
              className={styles.option}
              data-testid={`quick-add-${kind.type}`}
              onPointerMove={() => setActive(index)}
              onClick={() => choose(kind)}
            >
              <span className={styles.tile}>
                <Icon name={iconOf(kind.type, kind.family)} size={17} />
              </span>
              <span>
                <span className={styles.title}>{kind.title}</span>
                <span className={styles.help}>{kind.help}</span>
              </span>
            </div>
          </div>
        ))}
        {offered.length === 0 && <p className={styles.none}>No step is called that.</p>}
      </div>
    </div>
  )
}

/** Below the place it was asked for; without room there, beside it; never off the window. */
function useKeptInside(box: React.RefObject<HTMLDivElement | null>, { screen }: MenuPlace) {
  useLayoutEffect(() => {
    const menu = box.current
    if (!menu) return
    const { width, height } = menu.getBoundingClientRect()
    const hasRoomBelow = screen.y + height + 16 < window.innerHeight
    const x = hasRoomBelow ? screen.x - width / 2 : screen.x + 28
    const y = hasRoomBelow ? screen.y + 8 : window.innerHeight - height - 12
    menu.style.left = `${Math.max(8, Math.min(x, window.innerWidth - width - 8))}px`
    menu.style.top = `${Math.max(8, y)}px`
  }, [box, screen])
}
