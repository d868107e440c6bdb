import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { Markdown } from './markdown'

const shown = (text: string) => renderToStaticMarkup(<Markdown text={text} />)

describe('Markdown', () => {
  it('makes links to the web, and to nothing else', () => {
    expect(shown('see [the order](https://shop.example/1?a=b) now')).toContain('href="https://shop.example/1?a=b"')
    for (const href of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'vbscript:x'])
      expect(shown(`[a](${href})`)).not.toContain('<a')
  })
  it('shows HTML as the text it is', () => {
    expect(shown('**<img src=x onerror=alert(1)>** <script>')).toBe(
      '<div class="markdown"><p><strong>&lt;img src=x onerror=alert(1)&gt;</strong> &lt;script&gt;</p></div>',
    )
  })
  it.each(['[', '[a](', '[a]([b](', '**a', '__a', '`a', '* '])(
    'is quick with 200 KB of %j',
    (piece) => {
      shown(piece.repeat(200_000 / piece.length))
    },
    10_000,
  )
})
