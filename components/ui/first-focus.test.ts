// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { focusFirst } from './first-focus'

function focusedIn(html: string): string | null {
  document.body.innerHTML = `<div id="panel" tabindex="-1"><button id="close"></button><div data-body>${html}</div></div>`
  focusFirst(new Event('open', { cancelable: true }), document.getElementById('panel'))
  return document.activeElement?.id ?? null
}

it('begins in the first field, and never in one that is an aside', () => {
  expect(focusedIn('<input id="first"><input id="second">')).toBe('first')
  expect(focusedIn('<div data-aside><input id="name"></div><input id="second">')).toBe('second')
})

it('begins at what is marked where there is no field, else in the panel, and never at what closes it', () => {
  expect(focusedIn('<div data-aside><input id="name"></div><button id="run" data-first-focus></button>')).toBe('run')
  expect(focusedIn('<button id="run"></button>')).toBe('panel')
})
