import { useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import type { Point } from '../journey/document'
import type { Geometry } from '../journey/geometry'
import { lengthOf, pointAt } from '../journey/route'
import type { Counts, Moved } from '../live/counts'
import styles from './Canvas.module.css'
import { useGeometry, useTools } from './context'

/** Pixels of the canvas a dot travels in a second. */
const SPEED = 190
const DOTS_MAX = 400
/** At most so many dots for one report of one edge: a crowd is shown by the number, not by a line of dots. */
const PER_REPORT_MAX = 12
const SPREAD_MS = 900

interface Dot {
  readonly key: string
  readonly start: number
}

/** People on their way, as dots on one canvas over the lines; drawn only while somebody really moves. */
export function FlowDots() {
  const { counts } = useTools()
  const geometry = useGeometry()
  const flow = useStoreApi()
  const canvas = useRef<HTMLCanvasElement>(null)
  const here = useRef(geometry)
  here.current = geometry

  useEffect(() => {
    const surface = canvas.current
    if (!surface || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return
    return animate(
      surface,
      counts,
      () => here.current,
      () => flow.getState().transform,
    )
  }, [counts, flow])

  return <canvas ref={canvas} className={styles.dots} />
}

function animate(
  surface: HTMLCanvasElement,
  counts: Counts,
  geometry: () => Geometry,
  transform: () => readonly [number, number, number],
): () => void {
  let dots: Dot[] = []
  let frame = 0

  const draw = (now: number) => {
    frame = 0
    const brush = surface.getContext('2d')
    if (!brush) return
    const ratio = window.devicePixelRatio || 1
    const { clientWidth: width, clientHeight: height } = surface
    if (surface.width !== Math.round(width * ratio) || surface.height !== Math.round(height * ratio)) {
      surface.width = Math.round(width * ratio)
      surface.height = Math.round(height * ratio)
    }
    brush.setTransform(ratio, 0, 0, ratio, 0, 0)
    brush.clearRect(0, 0, width, height)
    const [left, top, zoom] = transform()
    brush.fillStyle = getComputedStyle(surface).color
    const { routes, rects } = geometry()
    const boxes = [...rects.values()]
    dots = dots.filter(({ key, start }) => {
      const way = routes.get(key)
      if (!way) return false
      const far = ((now - start) / 1000) * SPEED
      if (far < 0) return true
      const length = lengthOf(way)
      if (far > length) return false
      const at = pointAt(way, far)
      if (boxes.some((box) => isInside(box, at))) return true
      const fade = Math.min(1, far / 14, (length - far) / 14)
      brush.globalAlpha = Math.max(0.15, fade)
      brush.beginPath()
      brush.arc(at.x * zoom + left, at.y * zoom + top, Math.max(2.5, 4.5 * zoom), 0, 2 * Math.PI)
      brush.fill()
      return true
    })
    if (dots.length > 0) frame = requestAnimationFrame(draw)
  }

  const onMoved = (moved: Moved) => {
    // A hidden page draws nothing; what moved meanwhile would all be drawn at once on coming back.
    if (document.hidden) return
    const now = performance.now()
    for (const [key, people] of Object.entries(moved)) {
      const count = Math.min(people, PER_REPORT_MAX, DOTS_MAX - dots.length)
      for (let i = 0; i < count; i++) dots.push({ key, start: now + (i / count) * SPREAD_MS })
    }
    if (dots.length > 0 && frame === 0) frame = requestAnimationFrame(draw)
  }

  const off = counts.onMoved(onMoved)
  return () => {
    off()
    cancelAnimationFrame(frame)
  }
}

function isInside(box: { x: number; y: number; width: number; height: number }, at: Point): boolean {
  return at.x > box.x && at.x < box.x + box.width && at.y > box.y && at.y < box.y + box.height
}
