import net from 'node:net'

/** One line to the database, and how long it has been silent. */
interface Line {
  socket: net.Socket
  answersWithinMs: number
  /** Since when an answer is due; null while none is. */
  askedAt: number | null
  heardAt: number
}

const lookEveryMs = 500
/** A line that is silent so long makes those suspect that were not heard since. */
const suspiciousMs = 4_000
const lines = new Set<Line>()
let timer: NodeJS.Timeout | null = null

/**
 * A line can die without a word: a firewall forgets it, a machine is gone. Whoever waits for an answer then waits for ever, since a driver
 * knows no deadline. Sockets made here end when what was asked stays without an answer for so long, and those that stood idle all the while
 * end with them. For the `socket` option of the driver, and only where it is given one host and no TLS.
 */
export function watchedSocket(answersWithinMs: number): (options: { host: string[]; port: number[] }) => net.Socket {
  return ({ host, port }) => {
    // What is written before it is connected waits; errors come as events, as the driver expects them.
    const socket = net.connect({ host: host[0] as string, port: port[0] as number })
    const line: Line = { socket, answersWithinMs, askedAt: null, heardAt: performance.now() }
    const write = socket.write.bind(socket) as (...given: unknown[]) => boolean
    socket.write = ((...given: unknown[]) => {
      line.askedAt ??= performance.now()
      return write(...given)
    }) as typeof socket.write
    closeWithoutError(socket)
    socket.on('data', () => {
      line.askedAt = null
      line.heardAt = performance.now()
    })
    socket.once('close', () => {
      lines.delete(line)
      if (lines.size > 0 || !timer) return
      clearInterval(timer)
      timer = null
    })
    lines.add(line)
    timer ??= setInterval(look, lookEveryMs).unref()
    return socket
  }
}

/** True where the driver would make more of the address than one plain connection. */
export function needsDriversSocket(url: string): boolean {
  const { hostname, searchParams } = new URL(url)
  const tls = searchParams.get('sslmode') ?? searchParams.get('ssl') ?? 'disable'
  return hostname === '' || hostname.includes(',') || hostname.includes('%2F') || (tls !== 'disable' && tls !== 'false')
}

function look(): void {
  const now = performance.now()
  let askedFirst = Number.POSITIVE_INFINITY
  for (const line of lines) {
    if (line.askedAt === null) continue
    if (now - line.askedAt > line.answersWithinMs) end(line)
    else if (now - line.askedAt > suspiciousMs) askedFirst = Math.min(askedFirst, line.askedAt)
  }
  // Idle ones are cheap to open anew, and the next question would only find out the slow way.
  for (const line of lines) if (line.askedAt === null && line.heardAt < askedFirst && askedFirst < now) end(line)
}

function end({ socket }: Line): void {
  socket.destroy()
}

/**
 * Between the error and the close of a line the driver still takes questions for it, and forgets them. A line that breaks after it was open
 * therefore only closes, at which the driver rejects all that is under way.
 */
function closeWithoutError(socket: net.Socket): void {
  let isOpen = false
  let broke = false
  const emit = socket.emit.bind(socket) as (name: string, ...given: unknown[]) => boolean
  socket.once('connect', () => {
    isOpen = true
  })
  socket.emit = (name: string, ...given: unknown[]) => {
    if (name === 'error' && isOpen) {
      broke = true
      return true
    }
    return name === 'close' && broke ? emit('close', false) : emit(name, ...given)
  }
}
