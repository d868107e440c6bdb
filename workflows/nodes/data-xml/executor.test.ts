import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureOf, runEffect } from '../../../tests/support/run-node'
import { findBadJson } from '../../graph/find-bad-json'
import type { Json } from '../../graph/schema'
import { dataXml } from './definition'
import { runDataXml } from './executor.server'

type Params = Parameters<typeof runEffect<typeof dataXml.params>>[2]
const run = async (params: Params, input: Json = null) => (await runEffect(dataXml, runDataXml, params, { input })).output
const read = (data: Json, more: Params = {}) => run({ data, ...more })
const make = (data: Json, more: Params = {}) => run({ mode: 'make', data, ...more })
const head = '<?xml version="1.0" encoding="UTF-8"?>'

describe('reading XML', () => {
  it('makes fields of elements and attributes, and lists of what repeats', async () => {
    const text = `\uFEFF${head}<!-- x --><order id="7" paid=""><line>a</line><line n="2">b &amp; <![CDATA[<c>]]></line><note/></order>`
    expect(await read(text)).toEqual({ order: { '@id': '7', '@paid': '', line: ['a', { '@n': '2', '#text': 'b & <c>' }], note: '' } })
    expect(await run({ into: 'doc' }, '<a>1</a>')).toEqual({ doc: { a: '1' } })
  })
  it('makes a list of one where it is told to, and leaves prefixes out', async () => {
    expect(await read('<o><line>a</line></o>', { lists: 'line, x' })).toEqual({ o: { line: ['a'] } })
    expect(await read('<s:Body xmlns:s="u"><s:a s:b="1">x</s:a></s:Body>', { prefixes: 'drop' })).toEqual({
      Body: { a: { '@b': '1', '#text': 'x' } },
    })
  })
  it('loses no attribute where prefixes are left out', async () => {
    const text = '<a xmlns:x="u" xmlns:y="v" x:id="1" y:id="2"/>'
    expect(await read(text, { prefixes: 'drop' })).toEqual({ a: { '@id': '1', '@y:id': '2' } })
  })
  it.each<[string, Json, string]>([
    ['no XML', 'hello', 'xml.syntax'],
    ['nothing', '', 'xml.syntax'],
    ['null', null, 'document.not_a_text'],
    ['an element left open', '<a><b></a>', 'xml.syntax'],
    ['an attribute twice', '<a b="1" b="2"/>', 'xml.syntax'],
    ['an entity that expands', '<!DOCTYPE a [<!ENTITY l "lol">]><a>&l;</a>', 'xml.syntax'],
    ['a file', '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>', 'xml.syntax'],
    ['deep nesting', '<a>'.repeat(100_000), 'xml.depth'],
    ['very many elements', `<r>${'<a/>'.repeat(500_001)}</r>`, 'xml.too_many'],
    ['a NUL', '<a>\u0000</a>', 'xml.syntax'],
    ['half a pair', '<a>\ud800</a>', 'xml.syntax'],
    ['a huge text', `<a>${'x'.repeat(11 * 1024 * 1024)}</a>`, 'document.too_large'],
  ])('says what is wrong with %s', async (_, data, code) => {
    const failure = await failureOf(() => read(data))
    expect(failure).toMatchObject({ class: 'bad_data', code })
    expect(failure.message).not.toContain('undefined:')
  })
  it('leaves out names that reach a prototype, and keeps numbers as they are written', async () => {
    expect(await read('<r><__proto__><polluted>1</polluted></__proto__><constructor/><n>12345678901234567890</n><m>1e400</m></r>')).toEqual(
      {
        r: { n: '12345678901234567890', m: '1e400' },
      },
    )
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(findBadJson(await read(`${'<a><b/>'.repeat(29)}${'</a>'.repeat(29)}`))).toEqual([])
  })
})

describe('making XML', () => {
  it('writes fields, attributes, text and lists', async () => {
    const data = { order: { '@id': 7, '@none': null, line: ['a', { '@n': 2, '#text': 'b & <c>' }], note: null, ok: true } }
    expect(await make(data)).toBe(`${head}<order id="7"><line>a</line><line n="2">b &amp; &lt;c&gt;</line><note/><ok>true</ok></order>`)
    expect(await make({ a: { b: { c: 1 } } }, { indent: true })).toBe(`${head}\n<a>\n  <b>\n    <c>1</c>\n  </b>\n</a>`)
  })
  it('puts one element around everything', async () => {
    expect(await make([1, [2]], { root: 'list' })).toBe(`${head}<list><item>1</item><item><item>2</item></item></list>`)
    expect(await make({ a: 1, b: 2 })).toBe(`${head}<root><a>1</a><b>2</b></root>`)
    expect(await make({ a: [1, 2] })).toBe(`${head}<root><a>1</a><a>2</a></root>`)
    expect(await make(null)).toBe(`${head}<root/>`)
  })
  it('refuses names that XML cannot have, and texts that are too long', async () => {
    for (const name of ['1a', 'a b', '<x', '', 'a"'])
      expect(await failureOf(() => make({ r: { [name]: 1 } }))).toMatchObject({ code: 'xml.name' })
    expect(await failureOf(() => make({ r: { '@a b': 1 } }))).toMatchObject({ code: 'xml.name' })
    expect(await failureOf(() => make({ a: '<'.repeat(9 * 1024 * 1024) }))).toMatchObject({ code: 'document.too_large' })
  })
  it('gives a text that reads as the same data', async () => {
    const name = fc.stringMatching(/^[a-z]{1,5}$/)
    const text = fc.string({ unit: 'binary' }).map((words) => `.${words.toWellFormed().replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd]/g, '')}.`)
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, text, { minKeys: 1 }), text, async (fields, note) => {
        const data = { doc: { ...fields, '@id': note, sub: { x: [note, note] } } }
        expect(await read(await make(data))).toEqual(data)
      }),
    )
  })
})
