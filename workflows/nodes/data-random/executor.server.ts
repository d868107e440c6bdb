import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Json } from '../../graph/schema'
import { defineExecutor } from '../define'
import { NodeError } from '../errors'
import { putInto } from '../into-field'
import { listOf } from '../list-of'
import { dataRandom } from './definition'

export const runDataRandom = defineExecutor(dataRandom, async ({ params, input }) => ({
  port: 'main',
  output: putInto(input, params.into, draw(params, input)),
}))

const alphabets = {
  letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  readable: 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789',
  digits: '0123456789',
  hex: '0123456789abcdef',
} as const

function draw(params: z.output<typeof dataRandom.params>, input: Json): Json {
  switch (params.kind) {
    case 'uuid':
      return `${params.prefix}${randomUUID()}`
    case 'text': {
      const alphabet = alphabets[params.letters]
      return params.prefix + Array.from({ length: params.length }, () => alphabet[randomInt(alphabet.length)]).join('')
    }
    case 'number':
      return numberBetween(params.from, params.to, params.whole)
    case 'shuffle':
      return shuffled(listOf(params.list, input))
    case 'pick':
      return shuffled(listOf(params.list, input)).slice(0, params.count)
  }
}

function numberBetween(from: number, to: number, whole: boolean): number {
  const [low, high] = whole ? [Math.ceil(from), Math.floor(to)] : [from, to]
  if (low > high) {
    throw new NodeError({
      class: 'bad_data',
      code: 'random.range',
      message: `There is no ${whole ? 'whole ' : ''}number from ${from} to ${to}.`,
      hint: 'Let "To" be at least as large as "From".',
      pointer: '/params/to',
    })
  }
  return whole ? low + below(high - low + 1) : low + share() * (high - low)
}

/** Below 2^48 node draws evenly; above it, the part of 53 random bits is even enough and exact. */
function below(count: number): number {
  return count <= 2 ** 48 - 1 ? randomInt(count) : Math.floor(share() * count)
}

/** 0 to 1 with 53 random bits. */
function share(): number {
  return Number(randomBytes(8).readBigUInt64BE() >> 11n) / 2 ** 53
}

function shuffled(list: readonly Json[]): Json[] {
  const made = [...list]
  for (let index = made.length - 1; index > 0; index--) {
    const other = randomInt(index + 1)
    const held = made[index] as Json
    made[index] = made[other] as Json
    made[other] = held
  }
  return made
}
