import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const backend = process.env.SOJOURN_BACKEND ?? 'http://127.0.0.1:8000'
const isMocked = process.env.MOCK === '1'

export default defineConfig(async () => {
  // The mock is for looking at screens without a backend; it is imported here alone, so that no build can carry it.
  const mock: Plugin[] = isMocked ? [(await import('./dev/mock.ts')).mock()] : []
  return {
    base: '/static/app/',
    plugins: [react(), ...mock],
    build: {
      outDir: '../static/app',
      emptyOutDir: true,
      target: 'es2022',
    },
    server: {
      proxy: isMocked
        ? {}
        : {
            '/api': backend,
            '/v1': backend,
            '/t/': backend,
            '/socket.io': { target: backend, ws: true },
          },
    },
  }
})
