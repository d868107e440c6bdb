import { describe, expect, it } from 'vitest'
import type { Json } from '@/workflows/graph/schema'
import type { ModelMessage, ModelRequest } from '@/workflows/nodes/model-client'
import { answerByRules } from './practice-model'

const user = (content: string): ModelMessage => ({ role: 'user', content })
const ask = (content: string, properties: Record<string, Json>): unknown =>
  JSON.parse(answerByRules({ messages: [user(content)], responseSchema: { type: 'object', properties } }, 'USD').content)

const tools: NonNullable<ModelRequest['tools']> = [
  { name: 'send_mail', description: 'Send a mail', parameters: { type: 'object', properties: {} } },
  {
    name: 'company_register',
    description: 'Find a company by its name',
    parameters: { type: 'object', properties: { company: { type: 'string' }, employees: { type: 'integer' } } },
  },
]

describe('the practice model', () => {
  it('gives the same answer to the same question', () => {
    const request = { messages: [user('It works great, thank you!')] }
    expect(answerByRules(request, 'USD')).toEqual(answerByRules(request, 'USD'))
    expect(answerByRules(request, 'USD').content).toBe('Practice answer. The text reads positive. It begins: “It works great, thank you!”')
  })
  it.each(['a', 'a-', 'a1-', '\n', ' ', '. ', 'mail ', 'a@', 'a@b.', '1,', '{', '['])(
    'is quick with a megabyte of %j',
    (piece) => {
      const text = { type: 'string' }
      ask(piece.repeat(1_000_000 / piece.length), {
        email: text,
        link: text,
        date: text,
        orderId: text,
        name: text,
        score: { type: 'number' },
        count: { type: 'integer' },
      })
    },
    10_000,
  )
  it('is quick with lists of lists, and with fields that hold themselves', () => {
    const nested = Array.from({ length: 8 }).reduce<Json>((items) => ({ type: 'array', minItems: 100, items }), { type: 'string' })
    expect(ask('Hello', { nested })).toMatchObject({ nested: expect.any(Array) })
    const names = Array.from({ length: 20 }, (_, index) => [`field${index}`, { $ref: '#' }] as const)
    expect(ask('Hello', Object.fromEntries(names))).toMatchObject({ field0: expect.any(Object) })
  }, 10_000)
  it('tells moods apart by their words', () => {
    const sentiment: Json = { enum: ['positive', 'neutral', 'negative'] }
    expect(ask('I love it, great work', { sentiment })).toEqual({ sentiment: 'positive' })
    expect(ask('It crashed again, I want a refund', { sentiment })).toEqual({ sentiment: 'negative' })
    expect(ask('I use it on Mondays', { sentiment })).toEqual({ sentiment: 'neutral' })
  })
  it('finds a category by its name or by words of its kind', () => {
    const category: Json = { type: 'string', enum: ['billing', 'bug', 'feature', 'other'] }
    expect(ask('You charged me twice on the last invoice', { category })).toEqual({ category: 'billing' })
    expect(ask('The export crashes with an error', { category })).toEqual({ category: 'bug' })
    expect(ask('Hello there', { category })).toEqual({ category: 'other' })
  })
  it('takes fields from JSON in the prompt, from labels, and by their kind', () => {
    expect(
      ask('Check {"company": "Harbour Fittings", "total": 12480.5, "paid": true}', {
        company: { type: 'string' },
        total: { type: 'number' },
        paid: { type: 'boolean' },
      }),
    ).toEqual({
      company: 'Harbour Fittings',
      total: 12480.5,
      paid: true,
    })
    expect(
      ask('Company: Northwind\nEmployees: 1,200\nWrite to a.b@north.example before 2026-03-01', {
        company: { type: 'string' },
        employees: { type: 'integer' },
        email: { type: 'string' },
        dueDate: { type: 'string' },
      }),
    ).toEqual({
      company: 'Northwind',
      employees: 1200,
      email: 'a.b@north.example',
      dueDate: '2026-03-01',
    })
  })
  it('keeps numbers inside their bounds and levels by urgency', () => {
    expect(
      ask('Great, urgent!', { score: { type: 'integer', minimum: 0, maximum: 100 }, priority: { enum: ['low', 'medium', 'high'] } }),
    ).toEqual({ score: 90, priority: 'high' })
  })
  it('fits nested schemas, lists, references and constants', () => {
    const schema: Json = {
      type: 'object',
      properties: { items: { type: 'array', minItems: 2, items: { $ref: '#/$defs/item' } }, kind: { const: 'x' }, none: { type: 'null' } },
      $defs: { item: { type: 'object', properties: { name: { type: ['string', 'null'] } } } },
    }
    const answer = JSON.parse(answerByRules({ messages: [user('Two things')], responseSchema: schema }, 'USD').content) as {
      items: unknown[]
    }
    expect(answer).toMatchObject({ kind: 'x', none: null })
    expect(answer.items).toHaveLength(2)
  })
  it('survives a schema that refers to itself', () => {
    const schema: Json = { type: 'object', properties: { next: { $ref: '#' } } }
    expect(() => answerByRules({ messages: [user('x')], responseSchema: schema }, 'USD')).not.toThrow()
  })
  it('calls the first tool that shares a word with the task, once, and then answers', () => {
    const first = answerByRules({ messages: [user('Which company is Harbour? Company: Harbour Fittings')], tools }, 'USD')
    expect(first.finishReason).toBe('tool_calls')
    expect(first.toolCalls).toEqual([
      { id: 'call_practice_1', name: 'company_register', arguments: '{"company":"Harbour Fittings","employees":0}' },
    ])
    const second = answerByRules(
      {
        messages: [
          user('Which company?'),
          { role: 'assistant', content: '', toolCalls: first.toolCalls },
          { role: 'tool', toolCallId: 'call_practice_1', content: '{"employees": 40}' },
        ],
        tools,
        responseSchema: { type: 'object', properties: { employees: { type: 'integer' } } },
      },
      'USD',
    )
    expect(second).toMatchObject({ finishReason: 'stop', content: '{"employees":40}', toolCalls: [] })
  })
})
