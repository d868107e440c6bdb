import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with one request, also decided by what was asked; the last act is repeated when the script is over. */
export type ModelAct = ModelReply | ((body: Record<string, unknown>) => ModelReply)

export type ModelReply =
  | { say: string; usage?: { input: number; output: number } | null; finish?: string }
  | { call: { name: string; arguments: string; id?: string; index?: number }[]; usage?: { input: number; output: number } }
  | { status: number; retryAfter?: string; body?: unknown }
  /** Half an answer, then the connection is gone. */
  | { drop: string }
  /** Half an answer, then an orderly end without a finish reason. */
  | { stopShort: string }
  | { rubbish: string; type?: string }
  /** Takes the request and says nothing. */
  | { silent: true }
  | { endless: string }

export interface ModelServerRequest {
  path: string
  headers: Record<string, string>
  // Whatever the client sent; tests look inside.
  body: Record<string, unknown>
}

export interface ScriptedModelServer {
  /** For a credential's `baseUrl`: `http://127.0.0.1:<port>/v1` */
  baseUrl: string
  host: string
  requests: ModelServerRequest[]
  /** Replaces what is left of the script. */
  follow(...acts: ModelAct[]): void
  close(): Promise<void>
}

/** An OpenAI-compatible server on localhost that streams, calls tools, rate-limits, answers rubbish and drops connections as told. */
export async function startScriptedModelServer(...script: ModelAct[]): Promise<ScriptedModelServer> {
  let acts = [...script]
  const requests: ModelServerRequest[] = []
  const server = createServer(async (incoming, response) => {
    const body = await read(incoming)
    requests.push({
      path: incoming.url ?? '',
      headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
      body,
    })
    if (incoming.url?.endsWith('/models')) {
      json(response, 200, { object: 'list', data: [{ id: 'scripted-large' }, { id: 'scripted-small' }] })
      return
    }
    const act = acts.length > 1 ? acts.shift() : acts[0]
    perform((typeof act === 'function' ? act(body) : act) ?? { say: 'Hello.' }, body, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    baseUrl: `http://${host}/v1`,
    host,
    requests,
    follow: (...next) => {
      acts = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function perform(act: ModelReply, request: Record<string, unknown>, response: ServerResponse): void {
  if ('silent' in act) return
  if ('status' in act) {
    if (act.retryAfter) response.setHeader('retry-after', act.retryAfter)
    json(response, act.status, act.body ?? { error: { message: `scripted ${act.status}`, type: 'scripted', code: null } })
    return
  }
  if ('rubbish' in act) {
    response.writeHead(200, { 'content-type': act.type ?? 'text/event-stream' })
    response.end(act.rubbish)
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const chunk = (choices: unknown[], more: object = {}): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: request.model, choices, ...more })}\n\n`
  const delta = (part: object, finish: string | null = null): string => chunk([{ index: 0, delta: part, finish_reason: finish }])
  const end = (usage: { input: number; output: number } | null | undefined): void => {
    if (usage !== null) {
      const { input, output } = usage ?? { input: 100, output: 20 }
      response.write(chunk([], { usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output } }))
    }
    response.end('data: [DONE]\n\n')
  }
  response.write(delta({ role: 'assistant', content: '' }))
  if ('drop' in act) {
    response.write(delta({ content: act.drop }), () => response.destroy())
  } else if ('stopShort' in act) {
    response.end(delta({ content: act.stopShort }))
  } else if ('endless' in act) {
    const more = (): void => {
      while (!response.destroyed && response.write(delta({ content: act.endless })));
    }
    response.on('drain', more)
    more()
  } else if ('call' in act) {
    act.call.forEach((call, place) => {
      const index = call.index ?? place
      const middle = Math.ceil(call.arguments.length / 2)
      const first = {
        index,
        id: call.id ?? `call_${place}`,
        type: 'function',
        function: { name: call.name, arguments: call.arguments.slice(0, middle) },
      }
      response.write(delta({ tool_calls: [first] }))
      response.write(delta({ tool_calls: [{ index, function: { arguments: call.arguments.slice(middle) } }] }))
    })
    response.write(delta({}, 'tool_calls'))
    end(act.usage)
  } else {
    for (const part of act.say.match(/[\s\S]{1,7}/g) ?? []) response.write(delta({ content: part }))
    response.write(delta({}, act.finish ?? 'stop'))
    end(act.usage)
  }
}

async function read(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>
  } catch {
    return {}
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
