/** `steps.fetch` and `total` as `steps.fetch.total`; a name that cannot stand after a dot goes in brackets. */
export function joinPath(base: string, part: string | number): string {
  if (typeof part === 'number') return `${base}[${part}]`
  return /^[A-Za-z_][\w]*$/.test(part) ? `${base}.${part}` : `${base}[${JSON.stringify(part)}]`
}

export const pathDragType = 'application/x-millrace-path'

/** As it stands in a field. */
export function asExpression(path: string) {
  return `{{ ${path} }}`
}
