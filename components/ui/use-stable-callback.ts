import { useCallback, useLayoutEffect, useRef } from 'react'

/** One function for the life of the component that does what the latest one would: what it is given to is not drawn again for it. */
export function useStableCallback<Args extends unknown[], Result>(act: (...args: Args) => Result): (...args: Args) => Result {
  const latest = useRef(act)
  useLayoutEffect(() => {
    latest.current = act
  })
  return useCallback((...args: Args) => latest.current(...args), [])
}
