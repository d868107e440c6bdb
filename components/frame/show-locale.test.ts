// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { reloadPage } from './reload-page'
import { pageLocales, showLocale } from './show-locale'

vi.mock('./reload-page', () => ({ reloadPage: vi.fn() }))

beforeEach(() => {
  vi.mocked(reloadPage).mockClear()
  document.documentElement.lang = 'en'
  document.documentElement.dataset.locales = 'de en'
  // biome-ignore lint/suspicious/noDocumentCookie: the page does it so
  document.cookie = 'millrace-locale=; path=/; max-age=0'
})

describe('the language that was chosen', () => {
  it('is remembered, and the page is drawn again in it', () => {
    expect(pageLocales()).toEqual(['de', 'en'])
    showLocale('de-CH')
    expect(document.cookie).toBe('millrace-locale=de')
    expect(reloadPage).toHaveBeenCalledTimes(1)
  })

  it('draws nothing again where the page is in it already', () => {
    showLocale('en')
    expect(document.cookie).toBe('millrace-locale=en')
    expect(reloadPage).not.toHaveBeenCalled()
  })

  it('is passed over where this instance does not speak it', () => {
    showLocale('fr')
    expect(document.cookie).toBe('')
    expect(reloadPage).not.toHaveBeenCalled()
  })

  it('is left to the browser again', () => {
    showLocale('de')
    showLocale(null)
    expect(document.cookie).toBe('')
    expect(reloadPage).toHaveBeenCalledTimes(2)
  })
})
