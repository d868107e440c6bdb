import { categories, definitions } from '../workflows/nodes/catalogue'
import { credentialTypes } from '../workflows/nodes/credential-types'
import { wordKey, wordsOf, wordsOfCredential } from '../workflows/nodes/node-words'

/** Prints the English of the catalogue in the shape of `messages/<locale>/nodes.json`, for whoever translates it. */
const types = Object.fromEntries(definitions.map((definition) => [wordKey(definition.type), wordsOf(definition)]))
const titles = Object.fromEntries(categories.map(({ category, title }) => [category, title]))
const credentials = Object.fromEntries(credentialTypes.map((one) => [wordKey(one.type), wordsOfCredential(one)]))
process.stdout.write(`${JSON.stringify({ categories: titles, types, credentials }, null, 2)}\n`)
