/** What happy-dom lacks and Mantine asks for. */
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

class Sized {
  observe() {}
  unobserve() {}
  disconnect() {}
}

globalThis.ResizeObserver ??= Sized
window.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener() {},
  removeEventListener() {},
  addListener() {},
  removeListener() {},
  dispatchEvent: () => false,
})) as typeof window.matchMedia

afterEach(cleanup)
