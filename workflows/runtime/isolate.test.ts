import path from 'node:path'
import { bundleWorkflowCode } from '@temporalio/worker'
import { describe, expect, it } from 'vitest'

const quiet = () => {}
const logger = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet, log: quiet }

describe('what each live run pays for', () => {
  it('is the SDK and the two workflows, and nothing of ours beside them', async () => {
    const { code } = await bundleWorkflowCode({ workflowsPath: path.join(import.meta.dirname, '..', 'index.ts'), logger })
    const plain = code.slice(0, Math.max(0, code.indexOf('//# sourceMappingURL')))
    const ours = new Set([...plain.matchAll(/"?\.\/(workflows\/[\w./-]+\.ts)/g)].map((match) => match[1]))
    expect([...ours].sort()).toEqual(['workflows/index.ts', 'workflows/runtime/run-workflow.ts', 'workflows/runtime/schedule-workflow.ts'])
    expect(plain).not.toMatch(/node_modules\/(zod|acorn|luxon|re2js)\//)
    // Without its source map; the SDK alone has most of it.
    expect(plain.length).toBeLessThan(700_000)
  }, 60_000)
})
