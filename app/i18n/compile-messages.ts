import compile from 'icu-minify/compile'

/** Messages in the form that pages format: they are read here once, so that no page brings the reader of the message syntax with it. */
export function compileMessages(messages: unknown): unknown {
  // What is compiled has objects without a prototype in it, which a page cannot be handed.
  if (typeof messages === 'string') return JSON.parse(JSON.stringify(compile(messages)))
  if (messages === null || typeof messages !== 'object') return messages
  return Object.fromEntries(Object.entries(messages).map(([key, value]) => [key, compileMessages(value)]))
}
