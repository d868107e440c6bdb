// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { Sentence } from './sentence'

afterEach(cleanup)
const drawn = (text: string) => render(<Sentence text={text} />).container.innerHTML.replaceAll(/ class="[^"]*"/g, '')

it('draws names of code as code', () => {
  expect(drawn('Use `map(…)` or `filter`.')).toBe('Use <code>map(…)</code> or <code>filter</code>.')
})

it('leaves a backtick that stands alone where it is', () => {
  expect(drawn('<b>`&`</b>, and ` alone')).toBe('&lt;b&gt;<code>&amp;</code>&lt;/b&gt;, and ` alone')
})
