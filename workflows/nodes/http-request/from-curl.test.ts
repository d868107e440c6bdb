import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { httpRequest } from './definition'
import { fromCurl, isCurl } from './from-curl'

function read(text: string) {
  const made = fromCurl(text)
  if (!made.ok) throw new Error(made.message)
  return made
}

describe('an HTTP request from a cURL command', () => {
  it('takes method, address, query and headers', () => {
    const { params, title } = read(
      `curl -X PUT 'https://shop.example/orders/7?notify=true&by=me%20too' -H 'Accept: application/json' -H "X-Team: blue"`,
    )
    expect(params).toEqual({
      method: 'PUT',
      url: 'https://shop.example/orders/7',
      query: { notify: 'true', by: 'me too' },
      headers: { Accept: 'application/json', 'X-Team': 'blue' },
    })
    expect(title).toBe('PUT 7')
  })

  it('sends JSON as JSON, over lines that go on', () => {
    const { params } = read(
      `$ curl https://shop.example/orders \\\n  -H 'content-type: application/json' \\\n  --data-raw '{"sku":"OAK-1","note":"it is \\"new\\""}'`,
    )
    expect(params).toMatchObject({ method: 'POST', bodyMode: 'json', bodyJson: { sku: 'OAK-1', note: 'it is "new"' }, headers: {} })
  })

  it('sends a form as fields', () => {
    const { params } = read('curl https://shop.example/login -d name=Maya -d "town=Den+Haag"')
    expect(params).toMatchObject({
      bodyMode: 'form',
      bodyFields: [
        { name: 'name', value: 'Maya' },
        { name: 'town', value: 'Den Haag' },
      ],
    })
  })

  it('puts data into the query where the command says so', () => {
    expect(read('curl -G https://shop.example/search --data-urlencode q=chair').params).toMatchObject({
      method: 'GET',
      query: { q: 'chair' },
    })
  })

  it('leaves secrets out and names them', () => {
    const { params, left } = read(`curl https://api.example/me -H 'Authorization: Bearer sk-123' -u maya:secret -b 'session=1'`)
    expect(JSON.stringify(params)).not.toMatch(/sk-123|secret|session/)
    expect(left).toEqual(['user and password', 'cookies', 'authorization'])
  })

  it('reads what a browser copies', () => {
    const { params } = read(
      `curl 'https://a.example/x' --compressed -H $'X-Line: it\\'s' --data-binary $'a\\nb' -H 'Content-Type: text/plain'`,
    )
    expect(params).toMatchObject({ headers: { 'X-Line': "it's", 'Content-Type': 'text/plain' }, bodyMode: 'text', bodyText: 'a\nb' })
  })

  it('reads signs that are written by their numbers, and refuses bytes that are no text', () => {
    const body = (given: string) => {
      const made = fromCurl(`curl https://a.example/x -H 'Content-Type: text/plain' --data-binary $'${given}'`)
      return made.ok ? made.params.bodyText : made.message
    }
    expect(body('a\\u0021 \\xc3\\xa9 \\303\\251 \\U0001F994 é🦔')).toBe('a! é é 🦔 é🦔')
    for (const bytes of ['\\x00', '\\0', '\\x89PNG', '\\xff\\xfe', '\\xc3', '\\UFFFFFFFF']) expect(body(bytes)).toContain('binary')
  })

  it.each([
    ['-sX POST', { method: 'POST', url: 'https://a.example/x' }],
    ['-sSL', { method: 'GET', url: 'https://a.example/x' }],
    ['-sSXPUT', { method: 'PUT', url: 'https://a.example/x' }],
    ['-e https://b.example/', { url: 'https://a.example/x' }],
    ['-x http://proxy.example:8080 --max-redirs 3', { url: 'https://a.example/x' }],
    ['-sd a=1', { method: 'POST', bodyMode: 'form', bodyFields: [{ name: 'a', value: '1' }] }],
    ['-G --data-urlencode "q=a+b&c"', { method: 'GET', query: { q: 'a+b&c' } }],
    ['--data-urlencode "q=50% & more"', { bodyMode: 'form', bodyFields: [{ name: 'q', value: '50% & more' }] }],
    ['-d "<a b=\'c\'/>"', { bodyMode: 'text', bodyText: "<a b='c'/>" }],
  ])('reads %s as cURL does', (options, params) => {
    expect(read(`curl ${options} https://a.example/x`).params).toMatchObject(params)
  })
  it('keeps a name of the query that stands there several times, or without a value', () => {
    expect(read(`curl 'https://a.example/x?id=1&flag&id=2'`).params.query).toEqual({ id: ['1', '2'], flag: '' })
  })
  it('makes a form with files of what -F sends', () => {
    const { params, left } = read(`curl -F 'note=50%+1' -F doc=@invoice.pdf https://a.example/up`)
    expect(params).toMatchObject({
      method: 'POST',
      bodyMode: 'multipart',
      bodyFields: [
        { name: 'note', value: '50%+1' },
        { name: 'doc', value: '' },
      ],
    })
    expect(left).toEqual(['files'])
  })
  it('does not change numbers that are too long to be exact', () => {
    const { params } = read(`curl https://a.example/x --json '{"id": 12345678901234567890}'`)
    expect(params).toMatchObject({
      bodyMode: 'text',
      bodyText: '{"id": 12345678901234567890}',
      headers: { 'Content-Type': 'application/json' },
    })
  })
  it('leaves out what signs by another name', () => {
    const { params, left } = read(
      `curl https://maya:secret@a.example/x --oauth2-bearer secret -H 'PRIVATE-TOKEN: secret' -H 'Ocp-Apim-Subscription-Key: secret' -H 'apikey: secret' -H 'Idempotency-Key: 7'`,
    )
    expect(JSON.stringify(params)).not.toContain('secret')
    expect(params).toMatchObject({ url: 'https://a.example/x', headers: { 'Idempotency-Key': '7' } })
    expect(left).toEqual(['authorization', 'user and password', 'private-token', 'ocp-apim-subscription-key', 'apikey'])
  })

  it('asks for the file that a command sends', () => {
    for (const [command, method] of [
      ['curl https://a.example/up --data-binary @photo.png', 'POST'],
      ['curl -T photo.png https://a.example/up', 'PUT'],
      ['curl -X PATCH https://a.example/up -d@photo.png', 'PATCH'],
    ] as const) {
      const { params, left } = read(command)
      expect(params).toMatchObject({ method, url: 'https://a.example/up', bodyMode: 'file' })
      expect(left).toEqual(['files'])
    }
  })

  it.each([
    ['curl', 'no address'],
    [`curl 'https://a.example`, 'not closed'],
    ['curl -X BREW https://a.example', 'BREW'],
    ['curl https://a.example -d \u0000\u0001', 'binary'],
    [`curl https://a.example -d ${'x'.repeat(70_000)}`, 'too long'],
  ])('says what is wrong with %j', (text, words) => {
    const made = fromCurl(text)
    expect(made.ok ? '' : made.message).toContain(words)
  })

  it('knows a cURL command when it sees one', () => {
    expect(isCurl('  curl https://a.example')).toBe(true)
    expect(isCurl('curly hair')).toBe(false)
    expect(isCurl('{"curl": 1}')).toBe(false)
  })

  it('gives parameters that the node takes, or a sentence, whatever is pasted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('-X', '-H', '-d', '--json', '{"a":1}', 'a=b', "'", '"', '\\', 'https://a.example'))),
        (parts) => {
          const made = fromCurl(`curl ${parts.join(' ')}`)
          if (!made.ok) expect(made.message).toMatch(/\.$/)
          else expect(httpRequest.params.safeParse(made.params).error?.issues ?? []).toEqual([])
        },
      ),
    )
  })
})
