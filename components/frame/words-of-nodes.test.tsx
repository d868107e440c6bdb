// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import { NextIntlClientProvider } from 'next-intl'
import { Suspense } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { catalogue, speakOfNodes } from '@/workflows/nodes/catalogue'
import { WordsOfNodes } from './words-of-nodes'

afterEach(() => {
  cleanup()
  speakOfNodes(undefined)
})

const Title = () => <p>{catalogue.get('http.request')?.title}</p>

function show(messages: object) {
  render(
    <NextIntlClientProvider locale="de" messages={messages as never} timeZone="UTC">
      <Suspense fallback={null}>
        <WordsOfNodes>
          <Title />
        </WordsOfNodes>
      </Suspense>
    </NextIntlClientProvider>,
  )
}

describe('the words of nodes on a page', () => {
  it('are there before anything draws a node', async () => {
    await act(async () => show({ nodes: { types: { 'http-request': { title: 'HTTP-Anfrage' } } } }))
    expect(await screen.findByText('HTTP-Anfrage')).toBeTruthy()
    expect(screen.queryByText('HTTP request')).toBeNull()
  })

  it('are English at once where the language has none', () => {
    show({})
    expect(screen.getByText('HTTP request')).toBeTruthy()
  })
})
