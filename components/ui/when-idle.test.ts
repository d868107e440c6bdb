// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { whenQuiet } from './when-idle'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const press = () => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }))

it('waits with what may be needed next until nobody types', () => {
  const act = vi.fn()
  whenQuiet(act, 2_000)
  for (let index = 0; index < 100; index++) {
    press()
    vi.advanceTimersByTime(100)
  }
  expect(act).not.toHaveBeenCalled()
  vi.advanceTimersByTime(4_500)
  expect(act).toHaveBeenCalledTimes(1)
})

it('does nothing any more once it is stopped, also after it waited for a key', () => {
  const act = vi.fn()
  const stop = whenQuiet(act, 2_000)
  press()
  vi.advanceTimersByTime(2_100)
  stop()
  vi.advanceTimersByTime(10_000)
  expect(act).not.toHaveBeenCalled()
})
