// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { renderWithApi } from '@/tests/support/render-with-api'
import { ActDialog, type RunAct } from './act-dialog'
import type { RunDetail } from './run-model'

afterEach(cleanup)

const run = { id: 'run_01a1ff45179f755fa026c561d021694b' } as RunDetail

function draw(act: RunAct) {
  const calls: { procedure: string; input: unknown }[] = []
  const done: string[] = []
  const answer = (procedure: string) => (input: unknown) => {
    calls.push({ procedure, input })
    return { runId: run.id, status: 'waiting' }
  }
  renderWithApi(<ActDialog run={run} act={act} onClose={() => done.push('closed')} onDone={() => done.push('done')} />, {
    'runs.pause': answer('pause'),
    'runs.resume': answer('resume'),
    'runs.cancel': answer('cancel'),
  })
  return { calls, done }
}

describe('pausing, resuming and cancelling a run', () => {
  it.each([
    ['pause', 'Pause the run'],
    ['resume', 'Resume the run'],
    ['cancel', 'Cancel the run'],
  ] as const)('%s takes the reason along and closes', async (act, button) => {
    const { calls, done } = draw(act)
    fireEvent.change(screen.getByLabelText('Why'), { target: { value: '  Sent twice ' } })
    fireEvent.click(screen.getByRole('button', { name: button }))
    await waitFor(() => expect(done).toEqual(['done', 'closed']))
    expect(calls).toEqual([{ procedure: act, input: { runId: run.id, reason: 'Sent twice' } }])
  })

  it('needs no reason', async () => {
    const { calls, done } = draw('pause')
    fireEvent.click(screen.getByRole('button', { name: 'Pause the run' }))
    await waitFor(() => expect(done).toHaveLength(2))
    expect(calls).toEqual([{ procedure: 'pause', input: { runId: run.id } }])
  })
})
