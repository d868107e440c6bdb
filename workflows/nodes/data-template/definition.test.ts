import { describe, expect, it } from 'vitest'
import { failureOf } from '../../../tests/support/run-node'
import { compileParams } from '../../graph/expressions'
import { literalParams } from '../../graph/inspect-params'
import type { Json } from '../../graph/schema'
import { dataTemplate } from './definition'

function filled(stored: Record<string, Json>, input: Json = null): Json {
  const { params } = compileParams(stored, { literalKeys: literalParams(dataTemplate) })
  const scope = { input, trigger: null, steps: {}, vars: {}, run: {}, now: new Date(0) }
  const evaluated = dataTemplate.params.parse(params.evaluate(scope, dataTemplate.perItem))
  return dataTemplate.run({ params: evaluated, input, inputs: [], now: new Date(0) }).output
}

const people: Json[] = [{ name: 'Ada & <b>', tags: ['x'] }, { name: null }]

describe('a text template', () => {
  it('is written once', () => {
    expect(filled({ text: 'Dear {{ input.name }},\n{{ input.none }}{{ input.list }}' }, { name: 'Ada', list: [1] })).toBe('Dear Ada,\n[1]')
    expect(filled({ text: '{{ input.n }}', into: 'mail.body' }, { n: 5 })).toEqual({ n: 5, mail: { body: '5' } })
    expect(filled({ text: 'as it is' })).toBe('as it is')
    expect(filled({ text: '{{ input }}' })).toBe('')
  })
  it('is written for each item, with what stands between and around them', () => {
    const list = '{{ input.people }}'
    expect(filled({ text: '{{ index + 1 }}. {{ item.name }}', list }, { people })).toBe('1. Ada & <b>\n2. ')
    const around = { before: '<{{ input.people.length }}>', after: '.', between: 'comma' }
    expect(filled({ text: '{{ index }}', list, ...around }, { people })).toBe('<2>0, 1.')
    expect(filled({ text: 'x', list: [], ...around }, { people: [] })).toBe('<0>.')
  })
  it('makes every value safe in HTML, and leaves the tags that people wrote', () => {
    const text = '<p title="{{ item.name }}">{{ item.name }} {{ item.tags }}</p>'
    expect(filled({ text, form: 'html', list: '{{ input }}', between: 'nothing', before: '{{ input[0].name }}' }, people)).toBe(
      'Ada &amp; &lt;b&gt;<p title="Ada &amp; &lt;b&gt;">Ada &amp; &lt;b&gt; [&quot;x&quot;]</p><p title=""> </p>',
    )
    expect(filled({ text: '{{ input }}', form: 'html' }, '<script>')).toBe('&lt;script&gt;')
    expect(filled({ text: "{{ '<i>' + input }}\u0027", form: 'html' }, "'")).toBe("&lt;i&gt;&#39;'")
    expect(filled({ text: '<b>{{ 1 < 2 }}</b>', form: 'html' })).toBe('<b>true</b>')
  })
  it('says what is wrong', async () => {
    expect(await failureOf(() => filled({ text: 'x', list: '{{ input }}' }, 'abc'))).toMatchObject({ code: 'list.not_a_list' })
    expect(await failureOf(() => filled({ text: 'x'.repeat(1_000), list: '{{ input }}' }, new Array(20_000).fill(1)))).toMatchObject({
      code: 'document.too_large',
    })
    expect(await failureOf(() => filled({ text: '{{ item.a.b }}', list: '{{ input }}' }, [{}]))).toMatchObject({ class: 'bad_data' })
    expect(dataTemplate.check?.({}, {} as never)).toMatchObject([{ pointer: '/params/text' }])
  })
  it('shows its first line on its card', () => {
    expect(dataTemplate.subtitle?.({ text: '\nDear {{ input.name }},\nhello' }, dataTemplate.form)).toBe('Dear {name},')
  })
})
