const here = 'http://here.invalid'

/** Where to go after signing in: only a path of this site, never another host. */
export function safeNext(next: string | string[] | undefined) {
  // As the browser will read it, which leaves out tabs and line ends and takes a backslash for a slash.
  if (typeof next !== 'string' || !next.startsWith('/') || !URL.canParse(next, here)) return '/'
  const { origin, pathname, search, hash } = new URL(next, here)
  return origin === here && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : '/'
}
