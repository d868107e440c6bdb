/**
 * Does `url` go to a host that is named? `api.example.com`, `*.example.com` (hosts below it) or either with `:port`.
 * Without a port the scheme's own port is meant, unless `anyPort`.
 */
export function hostMatches(url: URL, patterns: readonly string[], { anyPort = false } = {}): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const host = url.hostname.toLowerCase()
  return patterns.some((pattern) => {
    const { name, port: wanted } = split(pattern.trim().toLowerCase())
    if (name === '') return false
    if (wanted === null ? !anyPort && url.port !== '' : wanted !== port) return false
    return name.startsWith('*.') ? host.endsWith(name.slice(1)) && host.length > name.length - 1 : host === name
  })
}

function split(pattern: string): { name: string; port: string | null } {
  const match = /^(\[[^\]]+\]|[^:]*)(?::(\d+))?$/.exec(pattern)
  return { name: match?.[1] ?? '', port: match?.[2] ?? null }
}
