import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newNode } from './new-node'

let nodes: string

beforeEach(() => {
  nodes = mkdtempSync(path.join(tmpdir(), 'nodes-'))
  for (const file of ['catalogue.ts', 'executors.server.ts']) {
    cpSync(path.resolve(import.meta.dirname, '..', 'workflows', 'nodes', file), path.join(nodes, file))
  }
})
afterEach(() => rmSync(nodes, { recursive: true }))

const read = (file: string) => readFileSync(path.join(nodes, file), 'utf8')

describe('a new node', () => {
  it('gets a folder and its lines in catalogue and executors', () => {
    expect(newNode('slack.message', nodes).map((file) => path.relative(nodes, file))).toEqual([
      'slack-message/definition.ts',
      'slack-message/executor.server.ts',
      'slack-message/executor.test.ts',
      'slack-message/docs.md',
      'catalogue.ts',
      'executors.server.ts',
    ])
    expect(read('catalogue.ts')).toMatch(/import \{ slackMessage \} from '\.\/slack-message\/definition'\nimport \{ trigger/)
    expect(read('catalogue.ts')).toContain('  httpRequest,\n  slackMessage,\n')
    expect(read('executors.server.ts')).toContain("  'slack.message': runSlackMessage,\n} as const")
    expect(read('slack-message/definition.ts')).toContain("type: 'slack.message'")
  })
  it('is not written over one that is there', () => {
    newNode('slack.message', nodes)
    expect(() => newNode('slack.message', nodes)).toThrow('is there already')
  })
  it.each(['slack', 'Slack.Message', '../x.y', 'a.b/../../c', ''])('is not called %j', (type) => {
    expect(() => newNode(type, nodes)).toThrow('is not a node type')
  })
})
