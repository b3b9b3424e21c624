import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ApiProblem, api, reasonOf, setCsrf, whenSignedOut, withQuery } from './client'

interface Call {
  path: string
  init: RequestInit
}

const calls: Call[] = []
let answer: () => Response
const real = globalThis.fetch

beforeEach(() => {
  calls.length = 0
  answer = () => new Response('{}')
  globalThis.fetch = async (path, init) => {
    calls.push({ path: String(path), init: init ?? {} })
    return answer()
  }
})

afterEach(() => {
  globalThis.fetch = real
  setCsrf(null)
  whenSignedOut(() => {})
})

function problem(status: number, document: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(document), { status, headers })
}

async function caught(work: Promise<unknown>): Promise<ApiProblem> {
  try {
    await work
  } catch (error) {
    if (error instanceof ApiProblem) return error
  }
  throw new Error('no ApiProblem was thrown')
}

test('empty and missing filters are left out of the address', () => {
  expect(withQuery('/api/contacts', { q: '', after: null, state: undefined, limit: 50 })).toBe('/api/contacts?limit=50')
  expect(withQuery('/api/contacts', { q: 'a&b' })).toBe('/api/contacts?q=a%26b')
  expect(withQuery('/api/contacts')).toBe('/api/contacts')
})

test('an unsafe call carries the CSRF value, a reading one does not', async () => {
  setCsrf('secret')
  await api.get('/api/journeys')
  await api.post('/api/journeys', { name: 'x' })
  const sent = calls.map(({ init }) => (init.headers as Record<string, string>)['X-CSRF-Token'])
  expect(sent).toEqual([undefined, 'secret'])
})

test('a form is sent as a form', async () => {
  const form = new FormData()
  await api.post('/api/contacts/import/preview', form)
  expect(calls[0]?.init.body).toBe(form)
  expect(calls[0]?.init.headers).not.toHaveProperty('Content-Type')
})

test('an answer without a body is undefined', async () => {
  answer = () => new Response(null, { status: 204 })
  expect(await api.delete('/api/keys/1')).toBeUndefined()
})

describe('a problem document', () => {
  test('names its fields', async () => {
    answer = () => problem(422, { errors: [{ field: 'email', message: 'No address.' }] })
    const error = await caught(api.post('/api/contacts', {}))
    expect(error.fields).toEqual({ email: 'No address.' })
    expect(error.message).toBe('email: No address.')
  })

  test('speaks by its detail first', async () => {
    answer = () => problem(409, { title: 'Conflict', detail: 'The journey is live.' })
    expect(reasonOf(await caught(api.delete('/api/journeys/1')))).toBe('The journey is live.')
  })

  test('keeps the rest of the document, such as the current draft', async () => {
    answer = () => problem(412, { current: { revision: 4 } })
    expect((await caught(api.put('/api/journeys/1/draft', {}))).document.current).toEqual({ revision: 4 })
  })

  test('says how long to wait', async () => {
    answer = () => problem(429, { title: 'Too many' }, { 'Retry-After': '30' })
    expect((await caught(api.post('/api/session', {}))).retryAfter).toBe(30)
  })

  test('may be a page that is no JSON at all', async () => {
    answer = () => new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' })
    expect((await caught(api.get('/api/sample'))).message).toBe('Bad Gateway')
  })
})

test('a server out of reach is told apart from a refusal', async () => {
  globalThis.fetch = async () => {
    throw new TypeError('Failed to fetch')
  }
  const error = await caught(api.get('/api/journeys'))
  expect([error.isOffline, error.status]).toEqual([true, 0])
})

test('a session that ended is told once, a wrong password is not', async () => {
  let ended = 0
  whenSignedOut(() => ended++)
  answer = () => problem(401, { title: 'Log in first' })
  await caught(api.post('/api/session', {}))
  expect(ended).toBe(0)
  await caught(api.get('/api/journeys'))
  expect(ended).toBe(1)
})
