// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { renderWithApi } from '@/tests/support/render-with-api'
import { statusLooks, toStatus } from './status'
import { StatusBadge } from './status-badge'

afterEach(cleanup)

describe('StatusBadge', () => {
  it('says every status in a word beside its shape', () => {
    const statuses = Object.keys(statusLooks)
    renderWithApi(statuses.map((status) => <StatusBadge key={status} status={status} />))
    for (const word of [
      'Queued',
      'Running',
      'Retrying',
      'Waiting',
      'Paused',
      'Succeeded',
      'Failed',
      'Cancelled',
      'Dead letter',
      'Skipped',
    ]) {
      const badge = screen.getByText(word)
      expect(badge.querySelector('svg')).not.toBeNull()
    }
  })

  it('gives no two statuses the same shape', () => {
    const shapes = Object.values(statusLooks).map((look) => look.icon)
    expect(new Set(shapes).size).toBe(shapes.length)
  })

  it('reads what the engine calls accepted as queued and started as running', () => {
    expect(toStatus('accepted')).toBe('queued')
    expect(toStatus('started')).toBe('running')
  })
})
