// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest'
import { keepStopped, keptStopped } from './kept-stop'
import type { StoppedTest } from './stopped-test'

const stopped: StoppedTest = {
  nodeId: 'start',
  mode: 'all',
  input: { order: 7 },
  at: ['two'],
  taken: new Map([
    ['one', 'main'],
    ['lost', null],
  ]),
  changed: new Map([['one', { a: 9 }]]),
  startedAt: 5,
}
const heldIn = (nodeId: string, loop: string): NonNullable<StoppedTest['held']> => ({
  runId: 'run_1',
  path: `${loop}/2/${nodeId}`,
  nodeId,
  input: { n: 1 },
  around: [{ nodeId: loop, iteration: '2', index: 2, total: 20, item: { n: 1 } }],
  values: [],
  until: new Date(9),
  request: { nodeId: 'start', mode: 'all' },
  changes: { outputs: {} },
})
const nodes = new Set(['start', 'one', 'two'])

afterEach(() => sessionStorage.clear())

describe('a test that stands still', () => {
  it('is there again after a reload, with what was changed, for the same person and workflow', () => {
    keepStopped('maya', 'orders', stopped)
    expect(keptStopped('maya', 'orders', nodes)).toEqual(stopped)
    expect(keptStopped('bo', 'orders', nodes)).toBeNull()
    expect(keptStopped('maya', 'refunds', nodes)).toBeNull()
  })

  it('is held still in its iteration after a reload', () => {
    const value = { ...stopped, held: heldIn('one', 'loop') }
    keepStopped('maya', 'orders', value)
    expect(keptStopped('maya', 'orders', nodes)).toEqual(value)
  })

  it('is forgotten once it went on', () => {
    keepStopped('maya', 'orders', stopped)
    keepStopped('maya', 'orders', null)
    expect(keptStopped('maya', 'orders', nodes)).toBeNull()
  })

  it('is let go where the step that it stands before was removed meanwhile', () => {
    keepStopped('maya', 'orders', stopped)
    expect(keptStopped('maya', 'orders', new Set(['start', 'one']))).toBeNull()
  })

  it('is not taken from rubbish', () => {
    for (const text of ['{', '7', '{"nodeId":"start"}', '{"nodeId":"start","startedAt":1,"at":"two","taken":{},"changed":[]}']) {
      sessionStorage.setItem('millrace:stopped:maya:orders', text)
      expect(keptStopped('maya', 'orders', nodes)).toBeNull()
    }
  })
})
