import { expect, it } from 'vitest'
import { flameGraph, hottest } from './flame-graph'

const frame = (functionName: string) => ({ functionName, url: 'file:///app/dist/worker.js', lineNumber: 9 })
const profile = {
  nodes: [
    { id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: -1 }, children: [2, 4] },
    { id: 2, callFrame: frame('advance'), children: [3] },
    { id: 3, callFrame: frame('parse<T>') },
    { id: 4, callFrame: { functionName: '(idle)', url: '', lineNumber: -1 } },
  ],
  samples: [2, 3, 3, 4],
  timeDeltas: [1_000, 2_000, 1_000, 9_000],
}

it('tells which functions took the time themselves', () => {
  expect(hottest(profile, 5)).toEqual([
    { name: 'parse<T> dist/worker.js:10', ms: 3 },
    { name: 'advance dist/worker.js:10', ms: 1 },
  ])
})
it('draws callers above what they called, and no idle time', () => {
  const picture = flameGraph(profile, 'hook')
  expect(picture).toContain('hook: 4 ms busy')
  expect(picture).toContain('<title>parse&lt;T&gt; dist/worker.js:10: 3.0 ms, 75.0 %</title><rect x="0.0" y="34" width="1200.0"')
  expect(picture).not.toContain('idle')
})
