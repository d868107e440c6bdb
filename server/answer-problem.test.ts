import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerProblem } from './answer-problem'
import { readBody } from './ingress/read-body'

describe('a body that is too large', () => {
  let server: Server
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      readBody(incoming, 1_000).then(
        (bytes) => response.end(String(bytes.length)),
        (error) => answerProblem(response, error, randomUUID()),
      )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  /** What was answered, and how many blocks of a megabyte went out before the connection or the request ended. */
  const send = (blocks: number, headers: Record<string, string | number> = {}) =>
    new Promise<{ status: number; sent: number }>((resolve) => {
      const { port } = server.address() as AddressInfo
      let status = 0
      let sent = 0
      const asked = request({ port, host: '127.0.0.1', method: 'POST', headers }, (answer: IncomingMessage) => {
        status = answer.statusCode ?? 0
        answer.resume()
      })
      asked.on('error', () => {})
      asked.once('close', () => resolve({ status, sent }))
      const block = Buffer.alloc(1024 * 1024, 'x')
      const write = (): void => {
        if (sent === blocks) asked.end()
        else
          asked.write(block, (error) => {
            if (error) return
            sent += 1
            write()
          })
      }
      write()
    })

  it('is refused with an answer that reaches a sender who goes on writing, with and without a length', async () => {
    for (let round = 0; round < 5; round += 1) {
      expect(await send(12)).toEqual({ status: 413, sent: 12 })
      expect(await send(12, { 'content-length': 12 * 1024 * 1024 })).toEqual({ status: 413, sent: 12 })
    }
  })

  it('is not read without end', async () => {
    expect((await send(400)).sent).toBeLessThan(100)
  })

  it('leaves the next body alone', async () => {
    expect((await send(12)).status).toBe(413)
    expect((await send(0)).status).toBe(200)
  })
})
