import { useStoreApi, ViewportPortal } from '@xyflow/react'
import { useEffect, useRef, useState } from 'react'
import type { Geometry } from '../journey/geometry'
import { lengthOf, pointAt } from '../journey/route'
import type { Counts, Moved } from '../live/counts'
import styles from './Canvas.module.css'
import { useGeometry, useTools } from './context'

/** Units of the canvas a dot travels in a second. */
const SPEED = 170
const DOTS_MAX = 400
/** Dots of one line keep this distance in time: a crowd is told by the number, not by a solid line of dots. */
const APART_MS = 110
/** A report's dots set off within this time; whoever finds no place in it is only counted. */
const SPREAD_MS = 900
const RADIUS = 4.5

interface Dot {
  readonly key: string
  readonly start: number
}

/** People on their way: dots on one canvas, over the lines and under the cards; drawn only while somebody moves. */
export function FlowDots() {
  const { counts } = useTools()
  const geometry = useGeometry()
  const flow = useStoreApi()
  // State and not a ref: the layer the canvas lies in appears only after the first drawing.
  const [surface, setSurface] = useState<HTMLCanvasElement | null>(null)
  const here = useRef(geometry)
  here.current = geometry

  useEffect(() => {
    if (!surface || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return
    return animate(
      surface,
      counts,
      () => here.current,
      () => flow.getState(),
    )
  }, [surface, counts, flow])

  return (
    <ViewportPortal>
      <canvas ref={setSurface} className={styles.dots} />
    </ViewportPortal>
  )
}

interface Screen {
  readonly transform: readonly [number, number, number]
  readonly width: number
  readonly height: number
}

function animate(
  surface: HTMLCanvasElement,
  counts: Counts,
  geometry: () => Geometry,
  screen: () => Screen,
): () => void {
  let dots: Dot[] = []
  let frame = 0
  const lastStart = new Map<string, number>()

  const draw = (now: number) => {
    frame = 0
    const brush = surface.getContext('2d')
    if (!brush) return
    const { transform, width, height } = screen()
    const [left, top, zoom] = transform
    cover(surface, width, height, transform)
    const ratio = window.devicePixelRatio || 1
    brush.setTransform(ratio, 0, 0, ratio, 0, 0)
    brush.clearRect(0, 0, width, height)
    brush.setTransform(ratio * zoom, 0, 0, ratio * zoom, left * ratio, top * ratio)
    brush.fillStyle = getComputedStyle(surface).color
    const { routes } = geometry()
    dots = dots.filter(({ key, start }) => {
      const way = routes.get(key)
      if (!way) return false
      const far = ((now - start) / 1000) * SPEED
      if (far < 0) return true
      if (far > lengthOf(way)) return false
      const at = pointAt(way, far)
      brush.beginPath()
      brush.arc(at.x, at.y, Math.max(RADIUS, 2.5 / zoom), 0, 2 * Math.PI)
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
      for (let i = 0; i < people && dots.length < DOTS_MAX; i++) {
        const start = Math.max(now + (Math.random() * APART_MS) / 2, (lastStart.get(key) ?? 0) + APART_MS)
        if (start > now + SPREAD_MS) break
        lastStart.set(key, start)
        dots.push({ key, start })
      }
    }
    if (dots.length > 0 && frame === 0) frame = requestAnimationFrame(draw)
  }

  const off = counts.onMoved(onMoved)
  return () => {
    off()
    cancelAnimationFrame(frame)
  }
}

/** The canvas lies in the moving layer, where it is drawn between lines and cards, and is moved back over the window. */
function cover(surface: HTMLCanvasElement, width: number, height: number, [x, y, zoom]: Screen['transform']): void {
  const ratio = window.devicePixelRatio || 1
  const pixels = { width: Math.round(width * ratio), height: Math.round(height * ratio) }
  if (surface.width !== pixels.width) surface.width = pixels.width
  if (surface.height !== pixels.height) surface.height = pixels.height
  surface.style.width = `${width}px`
  surface.style.height = `${height}px`
  surface.style.transform = `scale(${1 / zoom}) translate(${-x}px, ${-y}px)`
}
