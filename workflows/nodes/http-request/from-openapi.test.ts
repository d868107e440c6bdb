import { describe, expect, it } from 'vitest'
import type { Json } from '../../graph/schema'
import { fromOpenApi, isOpenApi, type OpenApiOperation } from './from-openapi'

const shop = {
  openapi: '3.1.0',
  info: { title: 'Shop' },
  servers: [{ url: 'https://{region}.shop.example/v2/', variables: { region: { default: 'eu' } } }],
  security: [{ key: [] }],
  paths: {
    '/orders/{order-id}': {
      parameters: [{ name: 'order-id', in: 'path', required: true }],
      get: {
        summary: 'Look an order up',
        tags: ['Orders'],
        parameters: [
          { name: 'expand', in: 'query', required: true, schema: { enum: ['lines', 'all'] } },
          { name: 'page', in: 'query' },
          { name: 'Authorization', in: 'header', required: true },
          { $ref: '#/components/parameters/trace' },
        ],
      },
    },
    '/orders': {
      post: {
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
        security: [],
      },
    },
    '/login': { post: { requestBody: { content: { 'application/x-www-form-urlencoded': { schema: { properties: { user: {} } } } } } } },
  },
  components: {
    parameters: { trace: { name: 'trace', in: 'header', required: true } },
    schemas: {
      Order: {
        allOf: [{ properties: { id: { type: 'integer' } } }],
        properties: {
          sku: { type: 'string', example: '{{ OAK }}' },
          lines: { type: 'array', items: { $ref: '#/components/schemas/Order' } },
          open: { type: ['boolean', 'null'] },
        },
      },
    },
  },
}

function read(document: unknown): OpenApiOperation[] {
  const made = fromOpenApi(document)
  if (!made.ok) throw new Error(made.message)
  return made.operations
}

describe('requests from a description of an API', () => {
  const [look, create, login] = read(shop)

  it('fill in the address, what is required, and nothing that signs', () => {
    expect(look).toMatchObject({ id: 'GET /orders/{order-id}', title: 'Look an order up', group: 'Orders', signs: ['key'] })
    expect(look?.params).toEqual({
      method: 'GET',
      url: 'https://eu.shop.example/v2/orders/{{ input["order-id"] }}',
      query: { expand: 'lines' },
      headers: { trace: '{{ input.trace }}' },
    })
  })

  it('have a body as its schema says, however it refers to itself', () => {
    expect(create?.signs).toEqual([])
    const body = create?.params.bodyJson as { [key: string]: Json }
    expect(body).toMatchObject({ id: 0, sku: '{{ "{{" }} OAK }}', open: false, lines: [{ id: 0 }] })
    expect(login?.params).toMatchObject({ bodyMode: 'form', bodyFields: [{ name: 'user', value: '{{ input.user }}' }] })
  })

  it('come from the older format too', () => {
    const [add] = read({
      swagger: '2.0',
      host: 'old.example',
      basePath: '/api/',
      paths: {
        '/pets': { post: { parameters: [{ in: 'body', name: 'pet', schema: { properties: { name: { type: 'string' } } } }] } },
      },
    })
    expect(add?.params).toEqual({ method: 'POST', url: 'https://old.example/api/pets', bodyMode: 'json', bodyJson: { name: '' } })
  })

  it('send files as the description says', () => {
    const [add] = read({
      openapi: '3.0.0',
      servers: [{ url: 'https://a.example' }],
      paths: {
        '/up': { post: { requestBody: { content: { 'multipart/form-data': { schema: { properties: { doc: { format: 'binary' } } } } } } } },
      },
    })
    expect(add?.params).toMatchObject({ bodyMode: 'multipart', bodyFields: [{ name: 'doc', value: '{{ input.doc }}' }] })
    const [old] = read({
      swagger: '2.0',
      paths: {
        '/up': {
          post: {
            parameters: [
              { in: 'formData', name: 'note', type: 'string' },
              { in: 'formData', name: 'doc', type: 'file' },
            ],
          },
        },
      },
    })
    expect(old?.params.bodyMode).toBe('multipart')
    expect(old?.params.bodyFields).toHaveLength(2)
  })

  it('are refused in a sentence where there are none', () => {
    expect(isOpenApi({ openapi: '3.0.0', paths: {} })).toBe(true)
    expect(isOpenApi({ nodes: [], edges: [] })).toBe(false)
    expect(isOpenApi(null) || isOpenApi('openapi: 3')).toBe(false)
    expect(fromOpenApi({ openapi: '3.0.0', paths: { '/x': { get: 1 } } })).toMatchObject({ ok: false })
  })

  it('survive a hostile document', () => {
    const hostile = JSON.parse(
      '{"openapi":"3.0.0","paths":{"/a":{"$ref":"#/paths/~1a"},"/{{ vars.x }}":{"get":{"parameters":[7,{"$ref":"#/__proto__/x"}],"tags":7}},"__proto__":{"get":{}}},"servers":7}',
    )
    const urls = read(hostile).map((one) => one.params.url)
    expect(urls).toContain('https://api.example.com/{{ "{{" }} vars.x }}')
  })
})
