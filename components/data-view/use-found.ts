import { useEffect, useState } from 'react'

const sliceMs = 8
const foundAtMost = 2_000

/**
 * What a search finds, bit by bit: a slice of the walk at a time, so that typing and scrolling never wait for a large value. `walk`
 * yields what fits and `undefined` for each place that it only passed. Null while nothing is searched.
 */
export function useFound<Found>(
  query: string,
  walk: (query: string) => Generator<Found | undefined>,
): { found: Found[]; done: boolean } | null {
  const [state, setState] = useState<{ query: string; walk: unknown; found: Found[]; done: boolean } | null>(null)
  const wanted = query.trim().toLowerCase()
  useEffect(() => {
    if (wanted === '') return setState(null)
    const steps = walk(wanted)
    const found: Found[] = []
    let timer: ReturnType<typeof setTimeout>
    const slice = () => {
      const end = performance.now() + sliceMs
      let done = false
      for (let count = 0; ; count++) {
        const next = steps.next()
        if (next.value !== undefined) found.push(next.value)
        done = next.done === true || found.length >= foundAtMost
        if (done || (count % 64 === 0 && performance.now() > end)) break
      }
      setState({ query: wanted, walk, found: [...found], done })
      if (!done) timer = setTimeout(slice, 0)
    }
    timer = setTimeout(slice, 0)
    return () => clearTimeout(timer)
  }, [wanted, walk])
  return wanted === '' ? null : { found: state?.found ?? [], done: state?.query === wanted && state.walk === walk && state.done }
}
