/** Our own icons: 24-unit grid, one stroke of 1.75 px at any size, drawn in the colour of the text around them. */
import type { SVGProps } from 'react'

const PATHS = {
  // families and kinds
  bolt: 'M13 3 5 13.5h6L10.5 21 19 10.5h-6z',
  hand: 'M8 12V6.2a1.7 1.7 0 0 1 3.4 0V11M11.4 10.5V4.7a1.7 1.7 0 0 1 3.4 0V11M14.8 11V6.7a1.7 1.7 0 0 1 3.4 0V14a7 7 0 0 1-7 7c-2.6 0-4.2-1.2-5.5-3.3L3.6 14a1.6 1.6 0 0 1 2.7-1.7L8 14.4',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7.2V12l3.2 2',
  hourglass: 'M7 3h10M7 21h10M8 3v3.6c0 2.2 4 3.6 4 5.4s-4 3.2-4 5.4V21M16 3v3.6c0 2.2-4 3.6-4 5.4s4 3.2 4 5.4V21',
  branch: 'M12 3v5M12 8c0 4-6 3-6 8v1M12 8c0 4 6 3 6 8v1M3.5 14.8 6 17.3l2.5-2.5M15.5 14.8l2.5 2.5 2.5-2.5',
  split: 'M4 12h5l8-6.5M9 12l8 6.5M13.5 5H17.5v4M13.5 19h4v-4',
  mail: 'M4.5 5.5h15a1.5 1.5 0 0 1 1.5 1.5v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5M3.5 7l8.5 6 8.5-6',
  pencil: 'M4 20l1-4.5L16.2 4.3a1.8 1.8 0 0 1 2.6 0l.9.9a1.8 1.8 0 0 1 0 2.6L8.5 19zM14 6.5l3.5 3.5',
  tag: 'M3.5 4.5v7l8.3 8.3a1.7 1.7 0 0 0 2.4 0l5.6-5.6a1.7 1.7 0 0 0 0-2.4L11.5 3.5h-7a1 1 0 0 0-1 1M8 8h.01',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20.5c.8-3.8 3.7-6 7.5-6s6.7 2.2 7.5 6',
  flag: 'M6 21V4M6 4.5c4-2 7 2 12 0v9c-5 2-8-2-12 0',
  // rooms
  journeys:
    'M6 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M18 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M8.5 6H15a3 3 0 0 1 0 6H9a3 3 0 0 0 0 6h6.5',
  people:
    'M9 11.5a3.6 3.6 0 1 0 0-7.2 3.6 3.6 0 0 0 0 7.2M2.5 20c.6-3.5 3.1-5.5 6.5-5.5s5.9 2 6.5 5.5M15.5 4.7a3.5 3.5 0 0 1 0 6.6M17.5 14.9c2.2.6 3.6 2.4 4 5.1',
  inbox: 'M3.5 13.5 6 5.5h12l2.5 8v5h-17zM3.5 13.5H8.5c.3 1.7 1.7 3 3.5 3s3.2-1.3 3.5-3h5',
  activity: 'M3 12h4l3-8 4.5 16 2.5-8h4',
  settings:
    'M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5',
  // doing
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  check: 'M4.5 12.5 9.5 17.5 19.5 7',
  close: 'M6 6l12 12M18 6 6 18',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M16 16l4.5 4.5',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  copy: 'M9 9h10.5v11.5H9zM15 9V4H4v11h5',
  trash: 'M4 6.5h16M9 6.5V4h6v2.5M6.5 6.5 7.5 20.5h9l1-14M10.2 10.5v6M13.8 10.5v6',
  download: 'M12 3.5v12M7 11l5 5 5-5M4 20.5h16',
  upload: 'M12 16V4M7 8.5l5-5 5 5M4 20.5h16',
  play: 'M7.5 4.5v15l12-7.5z',
  pause: 'M8 5v14M16 5v14',
  stop: 'M6.5 6.5h11v11h-11z',
  restart: 'M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 3.5v5h5',
  undo: 'M8 5 3.5 9.5 8 14M4 9.5h10a6 6 0 0 1 0 12h-3',
  redo: 'M16 5l4.5 4.5L16 14M20 9.5H10a6 6 0 0 0 0 12h3',
  tidy: 'M9 3.5h6v5H9zM3.5 15.5h6v5h-6zM14.5 15.5h6v5h-6zM12 8.5v3.5M6.5 15.5V12h11v3.5',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  send: 'M20.5 3.5 10 14M20.5 3.5 14 20.5 10 14 3.5 10z',
  eye: 'M2.5 12C4.5 7.8 8 5.5 12 5.5s7.5 2.3 9.5 6.5c-2 4.2-5.5 6.5-9.5 6.5S4.5 16.2 2.5 12M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6',
  key: 'M8 19.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M11.2 11.8 20.5 3.5M16 7.5l3 3',
  building: 'M5 20.5v-16h9v16M14 9.5h5v11M3 20.5h18M8 8.5h3M8 12h3M8 15.5h3',
  calendar: 'M4 6h16v14.5H4zM4 10.5h16M8 3.5V7M16 3.5V7',
  // saying
  warning: 'M12 4 2.8 20h18.4zM12 10v4.5M12 17.3h.01',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v5.5M12 7.7h.01',
  question: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M9.3 9.5a2.8 2.8 0 1 1 3.9 2.6c-.8.3-1.2.9-1.2 1.7M12 16.7h.01',
  sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M12 2.5v1.5M12 20v1.5M2.5 12H4M20 12h1.5M5.3 5.3l1 1M17.7 17.7l1 1M18.7 5.3l-1 1M6.3 17.7l-1 1',
  moon: 'M20 14.3A8.3 8.3 0 0 1 9.7 4a8.5 8.5 0 1 0 10.3 10.3',
  screen: 'M3.5 4.5h17v11.5h-17zM9 20.5h6M12 16v4.5',
  phone: 'M7.5 2.5h9v19h-9zM11 18.5h2',
  signout: 'M14 4H5v16h9M10 12h11M17 8l4 4-4 4',
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  left: 'M15 6l-6 6 6 6',
  right: 'M9 6l6 6-6 6',
  arrowLeft: 'M20 12H4M10 6l-6 6 6 6',
  arrowRight: 'M4 12h16M14 6l6 6-6 6',
  external: 'M13.5 4H20v6.5M20 4l-9 9M17.5 14v6H4V6.5h6',
  link: 'M10 14a4.2 4.2 0 0 0 6 0l3.3-3.3a4.2 4.2 0 0 0-6-6L12 6M14 10a4.2 4.2 0 0 0-6 0l-3.3 3.3a4.2 4.2 0 0 0 6 6L12 18',
  list: 'M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.01M4 12h.01M4 18h.01',
  file: 'M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5',
} as const

export type IconName = keyof typeof PATHS

interface IconProps extends Omit<SVGProps<SVGSVGElement>, 'name'> {
  name: IconName
  /** In px. */
  size?: number
  /** What it says when no text beside it does; without it the icon is decoration. */
  label?: string
}

export function Icon({ name, size = 18, label, ...rest }: IconProps) {
  const said = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true }
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: `said` names it, or hides it
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={(1.75 * 24) / size}
      strokeLinecap="round"
      strokeLinejoin="round"
      focusable="false"
      {...said}
      {...rest}
    >
      <path d={PATHS[name]} />
    </svg>
  )
}

export const ICON_NAMES = Object.keys(PATHS) as IconName[]
