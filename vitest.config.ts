import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{cli,gateway,schemas,examples,test,bench}/**/*.test.ts'],
    testTimeout: 30_000,
  },
})
