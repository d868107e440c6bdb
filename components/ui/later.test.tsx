// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Later, loadLater } from './later'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

describe('what is loaded later', () => {
  it('is waited for while the browser is offline, and the page goes on', async () => {
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    let reachable = false
    const load = vi.fn(() => (reachable ? Promise.resolve(() => <p>The panel</p>) : Promise.reject(new Error('no connection'))))
    const Panel = loadLater(load)
    render(
      <>
        <p>The canvas</p>
        <Later wanted>
          <Panel />
        </Later>
      </>,
    )
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1), 10_000)
    expect(screen.getByText('The canvas')).toBeTruthy()
    online.mockReturnValue(true)
    reachable = true
    act(() => void window.dispatchEvent(new Event('online')))
    expect(await screen.findByText('The panel')).toBeTruthy()
  })
})
