export {}

/** A slow machine makes a test slow, not wrong: what appears on a page is waited for as long as in the browser tests. */
if (typeof document !== 'undefined') {
  const { configure } = await import('@testing-library/react')
  configure({ asyncUtilTimeout: 10_000 })
}
