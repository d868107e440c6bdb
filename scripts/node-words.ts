import { categories, definitions } from '../workflows/nodes/catalogue'
import { wordKey, wordsOf } from '../workflows/nodes/node-words'

/** Prints the English of the catalogue in the shape of `messages/<locale>/nodes.json`, for whoever translates it. */
const types = Object.fromEntries(definitions.map((definition) => [wordKey(definition.type), wordsOf(definition)]))
const titles = Object.fromEntries(categories.map(({ category, title }) => [category, title]))
process.stdout.write(`${JSON.stringify({ categories: titles, types }, null, 2)}\n`)
