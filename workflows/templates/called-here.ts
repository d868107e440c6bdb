import type { Graph } from '../graph/schema'
import { spoken } from '../words/spoken'

/** Stands before the names of steps and the notes of templates among the sentences. */
export const inTemplates = 'template: '

/** What a step or a note of a template is called in the page's language; what is not known keeps its name. */
export function calledHere(text: string): string {
  const said = spoken(`${inTemplates}${text}`)
  return said.startsWith(inTemplates) ? text : said
}

/** What a template's steps and notes are called in the page's language, by what they are called in it; without those that keep their name. */
export function wordsHere(graph: Pick<Graph, 'nodes'>): Record<string, string> {
  const texts = graph.nodes.flatMap(({ title, params }) => (typeof params.text === 'string' ? [title, params.text] : [title]))
  return Object.fromEntries(texts.map((text) => [text, calledHere(text)] as const).filter(([text, said]) => text !== said))
}

/** The graph with its steps and notes called so; expressions name steps by id and stay as they are. */
export function inWords(graph: Graph, words: Readonly<Record<string, string>>): Graph {
  const called = (text: string) => (Object.hasOwn(words, text) ? (words[text] ?? text) : text)
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({
      ...node,
      title: called(node.title),
      params: typeof node.params.text === 'string' ? { ...node.params, text: called(node.params.text) } : node.params,
    })),
  }
}
