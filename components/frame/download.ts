/** Hands a text to the person as a file. */
export function download(name: string, type: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}

/** Rows as CSV with a head; a cell that a spreadsheet would take for a formula is disarmed. */
export function toCsv(rows: readonly Record<string, unknown>[]) {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const lines = rows.map((row) => keys.map((key) => cell(row[key])).join(','))
  return [keys.join(','), ...lines].join('\r\n')
}

function cell(value: unknown) {
  if (value === null || value === undefined) return ''
  const plain = value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : String(value)
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
