import type { z } from 'zod'
import type { Json } from '../../graph/schema'
import { defineExecutor } from '../define'
import { documentText, requireDocumentSize } from '../document-text'
import { putInto } from '../into-field'
import { listOf } from '../list-of'
import { dataHtml } from './definition'
import { extractValues } from './extract-values.server'
import { makeTable } from './make-table'
import { parseHtml } from './parse-html.server'
import { plainText } from './plain-text.server'

export const runDataHtml = defineExecutor(dataHtml, async ({ params, input }) => ({
  port: 'main',
  output: putInto(input, params.into, work(params, params.data === undefined ? input : params.data)),
}))

function work(params: z.output<typeof dataHtml.params>, data: Json): Json {
  if (params.mode === 'table') {
    const items = listOf(typeof data === 'object' && data !== null && !Array.isArray(data) ? [data] : data, null, '/params/data')
    requireDocumentSize(items, 'HTML', '/params/data')
    return makeTable(items, params.columns)
  }
  const page = parseHtml(documentText(data, 'HTML', '/params/data'))
  return params.mode === 'text' ? plainText(page) : extractValues(page, params)
}
