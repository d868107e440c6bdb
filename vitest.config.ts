import path from 'node:path'
import { defineConfig } from 'vitest/config'

const root = import.meta.dirname
const alias = { '@': root }
const ignored = ['**/node_modules/**', '.next/**', 'dist/**']
const needsDatabase = ['server/**/*.test.ts', 'db/**/*.test.ts', 'activities/**/*.test.ts', 'tests/database/**/*.test.ts']

export default defineConfig({
  resolve: { alias },
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'workflows/**/*.test.ts',
            'components/**/*.test.{ts,tsx}',
            'app/**/*.test.{ts,tsx}',
            'tests/*.test.ts',
            'scripts/**/*.test.{ts,mjs}',
            'bench/**/*.test.ts',
          ],
          exclude: [...ignored, '**/*.temporal.test.ts'],
          setupFiles: [path.join(root, 'tests/support/patient.ts')],
          // Left to itself Vitest keeps one core of two free.
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: needsDatabase,
          exclude: [...ignored, '**/*.temporal.test.ts'],
          globalSetup: [path.join(root, 'tests/support/start-database.ts')],
          setupFiles: [path.join(root, 'tests/support/use-database.ts')],
          env: { LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent' },
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'temporal',
          include: ['tests/temporal/**/*.test.ts', '{activities,server,workflows}/**/*.temporal.test.ts'],
          exclude: ignored,
          globalSetup: [path.join(root, 'tests/support/start-database.ts')],
          setupFiles: [path.join(root, 'tests/support/use-database.ts')],
          env: { LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent' },
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          exclude: ignored,
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
