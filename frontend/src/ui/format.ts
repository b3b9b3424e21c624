/** Numbers, moments and amounts as people say them. Instants are ISO strings or milliseconds; zones are IANA names. */

const LANGUAGE = 'en-GB'
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const whole = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat(LANGUAGE, { notation: 'compact', maximumFractionDigits: 1 })

export function number(n: number): string {
  return whole.format(n)
}

/** 1,234 stays whole; from ten thousand on it becomes 12.3K. For narrow places. */
export function shortNumber(n: number): string {
  return Math.abs(n) < 10_000 ? whole.format(n) : short.format(n).toUpperCase()
}

/** "1 person", "2,357 people". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${whole.format(n)} ${n === 1 ? one : many}`
}

export function people(n: number): string {
  return count(n, 'person', 'people')
}

/** `share` of 1; small but real shares never read as nothing. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %'
  return `${whole.format(share * 100)} %`
}

function formatter(options: Intl.DateTimeFormatOptions, zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(LANGUAGE, { ...options, timeZone: zone })
  } catch {
    // A zone this browser does not know: better the right moment in UTC than no moment.
    return new Intl.DateTimeFormat(LANGUAGE, { ...options, timeZone: 'UTC' })
  }
}

/** "14 March 1997" */
export function day(at: string | number, zone = 'UTC'): string {
  return formatter({ day: 'numeric', month: 'long', year: 'numeric' }, zone).format(new Date(at))
}

/** "14 Mar 1997, 09:05" */
export function moment(at: string | number, zone = 'UTC'): string {
  const options = { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const
  return formatter(options, zone).format(new Date(at))
}

/** "09:05" */
export function timeOfDay(at: string | number, zone = 'UTC'): string {
  return formatter({ hour: '2-digit', minute: '2-digit' }, zone).format(new Date(at))
}

/** "just now", "5 minutes ago", "in 3 days"; beyond four weeks the date itself. */
export function ago(at: string | number, now: number, zone = 'UTC'): string {
  const passed = now - new Date(at).getTime()
  const far = Math.abs(passed)
  if (far < 45 * SECOND) return 'just now'
  if (far >= 28 * DAY) return day(at, zone)
  const words = roughly(far)
  return passed > 0 ? `${words} ago` : `in ${words}`
}

function roughly(ms: number): string {
  if (ms < HOUR) return count(Math.max(1, Math.round(ms / MINUTE)), 'minute')
  if (ms < DAY) return count(Math.round(ms / HOUR), 'hour')
  return count(Math.round(ms / DAY), 'day')
}

/** "3.4 kB": how much a file weighs. */
export function bytes(n: number): string {
  if (n < 1000) return count(n, 'byte')
  if (n < 1_000_000) return `${(n / 1000).toFixed(1)} kB`
  return `${(n / 1_000_000).toFixed(1)} MB`
}

/** A value from a contact or an event, in plain words. */
export function value(v: unknown): string {
  if (v === null || v === undefined || v === '') return '—'
  if (v === true) return 'yes'
  if (v === false) return 'no'
  if (typeof v === 'number') return new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 6 }).format(v)
  if (Array.isArray(v)) return v.map(value).join(', ')
  return typeof v === 'object' ? JSON.stringify(v) : String(v)
}

/** "average_order_value" and "averageOrderValue" as "Average order value". */
export function words(name: string): string {
  const spaced = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
