/**
 * One door to the server: JSON in, JSON out, problem documents as errors.
 *
 * Every unsafe call carries the session's CSRF value; a 401 tells whoever listens that the session is over.
 */
import type { Address, Problem } from './types'

export interface ProblemDocument {
  type?: string
  title?: string
  status?: number
  detail?: string
  errors?: { field: string; message: string }[]
  problems?: Problem[]
  [more: string]: unknown
}

/** What the server (or the way to it) refused, and why. `status` is 0 when the server could not be reached. */
export class ApiProblem extends Error {
  readonly status: number
  readonly document: ProblemDocument
  /** Seconds the server asks us to wait, when it does. */
  readonly retryAfter: number | null

  constructor(status: number, document: ProblemDocument, retryAfter: number | null = null) {
    super(sentence(status, document))
    this.name = 'ApiProblem'
    this.status = status
    this.document = document
    this.retryAfter = retryAfter
  }

  get isOffline(): boolean {
    return this.status === 0
  }

  get problems(): Problem[] {
    return this.document.problems ?? []
  }

  /** Field name → what is wrong with it; the first message of a field wins. */
  get fields(): Record<string, string> {
    const found: Record<string, string> = {}
    for (const { field, message } of this.document.errors ?? []) found[field] ??= message
    return found
  }
}

function sentence(status: number, document: ProblemDocument): string {
  if (document.detail) return document.detail
  const first = document.errors?.[0]
  if (first) return `${first.field}: ${first.message}`
  if (document.title) return document.title
  return `The server answered ${status} without saying why.`
}

let csrf: string | null = null
let onSignedOut: () => void = () => {}

/** Called with what the session document says; null after logging out. */
export function setCsrf(value: string | null): void {
  csrf = value
}

/** `listener` is told when a call is refused because nobody is signed in any more. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener
}

type Query = Record<string, string | number | boolean | null | undefined>

interface Options {
  query?: Query
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Empty and missing values are left out, so that `?q=` never narrows anything. */
export function withQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text ? `${path}?${text}` : path
}

/** Raises ApiProblem for anything but a 2xx; AbortError passes through. */
export async function request<T>(method: string, path: Address, options: Options = {}): Promise<T> {
  const answer = await reach(method, path, options)
  if (answer.ok) return (await content(answer)) as T
  const problem = await toProblem(answer)
  if (answer.status === 401 && !path.startsWith('/api/session')) onSignedOut()
  throw problem
}

async function reach(method: string, path: Address, { query, body, headers, signal }: Options): Promise<Response> {
  const isForm = body instanceof FormData
  const sent: Record<string, string> = { Accept: 'application/json', ...headers }
  if (body !== undefined && !isForm) sent['Content-Type'] = 'application/json'
  if (method !== 'GET' && csrf) sent['X-CSRF-Token'] = csrf
  try {
    return await fetch(withQuery(path, query), {
      method,
      headers: sent,
      credentials: 'same-origin',
      body: body === undefined ? undefined : isForm ? body : JSON.stringify(body),
      signal,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiProblem(0, { title: 'Offline', detail: 'The server can’t be reached right now. Nothing was changed.' })
  }
}

async function content(answer: Response): Promise<unknown> {
  const text = await answer.text()
  return text ? JSON.parse(text) : undefined
}

async function toProblem(answer: Response): Promise<ApiProblem> {
  const wait = Number(answer.headers.get('Retry-After'))
  let document: ProblemDocument = {}
  try {
    const parsed: unknown = await answer.json()
    if (parsed && typeof parsed === 'object') document = parsed as ProblemDocument
  } catch {
    // Not JSON: a proxy's page, say. The status alone has to do.
    document = { title: answer.statusText || undefined }
  }
  return new ApiProblem(answer.status, document, Number.isFinite(wait) && wait > 0 ? wait : null)
}

export const api = {
  get: <T>(path: Address, query?: Query, signal?: AbortSignal) => request<T>('GET', path, { query, signal }),
  post: <T>(path: Address, body?: unknown, options: Options = {}) => request<T>('POST', path, { ...options, body }),
  put: <T>(path: Address, body: unknown, options: Options = {}) => request<T>('PUT', path, { ...options, body }),
  patch: <T>(path: Address, body: unknown, options: Options = {}) => request<T>('PATCH', path, { ...options, body }),
  delete: <T = void>(path: Address) => request<T>('DELETE', path),
}

/** The sentence to show for anything that was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
