/** Millionths as a person types them: two decimals, or as many as the amount has. */
export function moneyText(micros: number): string {
  const sign = micros < 0 ? '-' : ''
  const digits = String(Math.abs(Math.round(micros))).padStart(7, '0')
  const decimals = digits.slice(-6).replace(/0{1,4}$/, '')
  return `${sign}${digits.slice(0, -6)}.${decimals}`
}

/**
 * A typed amount in millionths: `0.5`, `0,50`, `1,250.00` and `1.250,00` alike. Null for what is no amount. Without floating point, so
 * that 0.1 is exactly 100,000.
 */
export function microsFrom(text: string): number | null {
  const bare = text.trim().replace(/[\s\u00a0']/g, '')
  const last = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf(','))
  const whole = (last === -1 ? bare : bare.slice(0, last)).replace(/[.,]/g, '')
  const decimals = last === -1 ? '' : bare.slice(last + 1)
  if (!/^\d*$/.test(whole) || !/^\d{0,6}$/.test(decimals) || whole + decimals === '') return null
  const micros = Number(`${whole || '0'}${decimals.padEnd(6, '0')}`)
  return Number.isSafeInteger(micros) ? micros : null
}
