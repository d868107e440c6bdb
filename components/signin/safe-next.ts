/** Where to go after signing in: only a path of this site, never another host. */
export function safeNext(next: string | string[] | undefined) {
  if (typeof next !== 'string' || !next.startsWith('/') || next.startsWith('//') || next.includes('\\')) return '/'
  return next
}
