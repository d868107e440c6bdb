import { afterEach, expect, test } from 'vitest'
import { speak } from '../words/spoken'
import { inTemplates, inWords, wordsHere } from './called-here'
import { orderIntake } from './order-intake'

afterEach(() => speak(null))

test('in English a template keeps its names', () => {
  expect(wordsHere(orderIntake.graph)).toEqual({})
})

test('steps and notes are called what the language of the page calls them, and nothing else changes', () => {
  const sentences: Record<string, string> = { [`${inTemplates}Ask the warehouse`]: 'Lager fragen' }
  speak({ locale: 'de', sentences, translate: (text) => sentences[text] ?? text })
  const words = wordsHere(orderIntake.graph)
  expect(words).toEqual({ 'Ask the warehouse': 'Lager fragen' })
  const renamed = inWords(orderIntake.graph, words)
  expect(renamed.nodes.find(({ key }) => key === 'stock')?.title).toBe('Lager fragen')
  expect({
    ...renamed,
    nodes: renamed.nodes.map((node) => (node.key === 'stock' ? { ...node, title: 'Ask the warehouse' } : node)),
  }).toEqual(orderIntake.graph)
})
