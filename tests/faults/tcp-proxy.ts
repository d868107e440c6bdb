import net from 'node:net'

/** Stands between a client and a server and spoils what goes through. */
export interface TcpProxy {
  port: number
  /** Holds back what passes, in both directions. */
  delay(ms: () => number): void
  /** What is open stays open and carries nothing any more; new connections work. Answers how many it met. */
  stall(): number
  /** Ends everything that is open, and refuses new connections until `open`. */
  shut(): void
  open(): void
  close(): Promise<void>
}

interface Pair {
  sockets: [net.Socket, net.Socket]
  stalled: boolean
}

export async function startTcpProxy(target: { port: number }): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  let isShut = false
  let holdBack: () => number = () => 0

  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    if (isShut) {
      client.destroy()
      return
    }
    const upstream = net.connect({ port: target.port, host: '127.0.0.1', allowHalfOpen: true })
    const pair: Pair = { sockets: [client, upstream], stalled: false }
    pairs.add(pair)
    forward(client, upstream, pair)
    forward(upstream, client, pair)
  })

  function forward(from: net.Socket, to: net.Socket, pair: Pair): void {
    let before: Promise<unknown> = Promise.resolve()
    let free = true
    const inOrder = (work: () => void) => {
      const due = performance.now() + holdBack()
      if (free && due <= performance.now()) {
        work()
        return
      }
      free = false
      const turn: Promise<void> = before
        .then(() => rest(due - performance.now()))
        .then(() => {
          work()
          if (before === turn) free = true
        })
      before = turn
    }
    from.setNoDelay(true)
    from.on('data', (chunk) => {
      if (!pair.stalled) inOrder(() => !pair.stalled && !to.destroyed && to.write(chunk))
    })
    from.on('end', () => {
      if (!pair.stalled) inOrder(() => to.end())
    })
    from.on('error', () => {})
    from.on('close', () => {
      // The other side of a dead line hears of nothing.
      if (pair.stalled) return
      inOrder(() => to.destroy())
      pairs.delete(pair)
    })
  }

  const endAll = () => {
    for (const { sockets } of pairs) for (const socket of sockets) socket.destroy()
    pairs.clear()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    delay(ms) {
      holdBack = ms
    },
    stall() {
      for (const pair of pairs) pair.stalled = true
      return pairs.size
    },
    shut() {
      isShut = true
      endAll()
    },
    open() {
      isShut = false
    },
    close() {
      endAll()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function rest(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
}
