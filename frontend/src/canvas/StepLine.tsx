import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react'
import { memo, useMemo } from 'react'
import { Icon } from '../app/icons'
import type { Point } from '../journey/document'
import { type Geometry, isAt } from '../journey/geometry'
import { distance, pointAt, roundedPath, route } from '../journey/route'
import { useEdgeCount } from '../live/counts'
import { useEditor, useGeometry, useTools } from './context'
import type { Line } from './mapping'
import styles from './StepLine.module.css'

/** An edge: rounded steps past the cards, with its count and a + near the port it leaves by. */
export const StepLine = memo(function StepLine(props: EdgeProps<Line>) {
  const { id, source, target, sourceX, sourceY, targetX, targetY, selected, data } = props
  const geometry = useGeometry()
  const points = useMemo(
    () => wayOf(geometry, id, source, target, { x: sourceX, y: sourceY }, { x: targetX, y: targetY }),
    [geometry, id, source, target, sourceX, sourceY, targetX, targetY],
  )
  return (
    <>
      <BaseEdge
        id={id}
        path={roundedPath(points)}
        interactionWidth={26}
        className={selected ? styles.picked : styles.line}
        markerEnd="url(#arrow)"
        data-testid={`edge-${source}-${data?.port}`}
      />
      <Words node={source} port={data?.port ?? ''} points={points} />
    </>
  )
})

/** The way worked out for the whole journey; while one of its cards is dragged, a new one for this frame. */
function wayOf(
  geometry: Geometry,
  id: string,
  source: string,
  target: string,
  from: Point,
  to: Point,
): readonly Point[] {
  const known = geometry.routes.get(id)
  if (known && isAt(known[0], from) && isAt(known.at(-1), to)) return known
  const others = [...geometry.rects].filter(([node]) => node !== source && node !== target)
  return route(
    from,
    to,
    others.map(([, box]) => box),
  )
}

function Words({ node, port, points }: { node: string; port: string; points: readonly Point[] }) {
  const { counts, hasCounts, openMenu } = useTools()
  const count = useEdgeCount(counts, node, port)
  const isEditing = useEditor((editor) => editor.view.mode === 'edit')
  const isCarrying = useEditor((editor) => editor.view.carried !== null)
  const isOver = useEditor(({ view }) => view.carried?.over?.from === node && view.carried.over.port === port)
  const first = distance(points[0] as Point, points[1] as Point)
  const hasPill = hasCounts && count !== undefined
  const isTight = hasPill && first < 62
  const pill = pointAt(points, isTight ? first * 0.5 : 20)
  const plus = isTight ? { x: pill.x + 34, y: pill.y } : pointAt(points, hasPill ? 46 : Math.min(38, first * 0.5))
  const at = (point: Point) => ({ transform: `translate(-50%, -50%) translate(${point.x}px, ${point.y}px)` })
  return (
    <EdgeLabelRenderer>
      {hasPill && !isCarrying && (
        <span
          className={`${styles.pill} tabular nodrag nopan`}
          style={at(pill)}
          data-testid={`edge-count-${node}-${port}`}
          data-some={count > 0}
        >
          {count.toLocaleString('en')}
        </span>
      )}
      {isEditing && (
        <button
          type="button"
          tabIndex={-1}
          className={`${styles.plus} nodrag nopan`}
          style={at(isCarrying ? pointAt(points, Math.min(first * 0.5, 42)) : plus)}
          data-carrying={isCarrying}
          data-over={isOver}
          aria-label="Add a step here"
          data-testid={`insert-${node}-${port}`}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect()
            const screen = { x: box.x + box.width / 2, y: box.bottom }
            openMenu({ screen, at: { from: node, port }, middle: plus })
          }}
        >
          <Icon name="plus" size={13} />
          {isOver && 'Insert here'}
        </button>
      )}
    </EdgeLabelRenderer>
  )
}
