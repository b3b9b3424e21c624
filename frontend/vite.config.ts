import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const backend = process.env.SOJOURN_BACKEND ?? 'http://127.0.0.1:8000'

export default defineConfig(({ command }) => ({
  // Built files lie below /static/app; while developing every address is the app's own.
  base: command === 'build' ? '/static/app/' : '/',
  plugins: [react()],
  build: {
    outDir: '../static/app',
    emptyOutDir: true,
    target: 'es2022',
  },
  server: {
    // The Host header stays as the browser sent it: the backend refuses changes whose origin is another host.
    proxy: {
      '/api': backend,
      '/v1': backend,
      '/t/': backend,
      '/socket.io': { target: backend, ws: true },
    },
  },
}))
