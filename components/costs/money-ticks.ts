/** Round amounts from nothing to at least the most there is, about four of them, in whatever unit they come. */
export function moneyTicks(most: number): number[] {
  if (most <= 0) return [0]
  const least = most / 4
  const power = 10 ** Math.floor(Math.log10(least))
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power)
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step)
}
