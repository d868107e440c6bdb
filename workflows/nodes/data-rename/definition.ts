import { z } from 'zod'
import { renameFields } from '#run/data-rename/rename-fields'
import type { Json } from '../../graph/schema'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { eachItem } from '../each-item'
import { isFields } from '../field-at'
import { fieldPathParam, valueParam } from '../params'

const nameParam = fieldPathParam.pipe(z.string().min(1, 'Name the field.'))

export const dataRename = definePure({
  type: 'data.rename',
  version: 1,
  title: 'Rename fields',
  summary: 'Give fields other names, in one object or in every item of a list.',
  category: 'data',
  icon: 'text-cursor-input',
  keywords: ['name', 'map', 'columns', 'keys', 'move', 'fields'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    data: valueParam.optional(),
    names: z
      .array(z.object({ from: nameParam, to: nameParam }))
      .max(100, 'Rename 100 fields at most.')
      .default([]),
  }),
  form: {
    data: {
      label: 'Data',
      widget: 'expression',
      help: 'Left empty, the input: an object, or a list of them.',
      example: '{{ input.customers }}',
    },
    names: {
      label: 'New names',
      widget: 'rows',
      help: 'A dot reaches a field inside another one.',
      columns: [
        { key: 'from', label: 'Field', example: 'cust_name' },
        { key: 'to', label: 'New name', example: 'customer.name' },
      ],
      literal: true,
    },
  },
  subtitle: (params) => {
    const rows = Array.isArray(params.names) ? params.names : []
    const words = rows.flatMap((row: Json) => (isFields(row) && row.from && row.to ? [`${String(row.from)} → ${String(row.to)}`] : []))
    return words.join(', ') || phrase`No names yet`
  },
  check: (params) =>
    Array.isArray(params.names) && params.names.length > 0
      ? []
      : [{ pointer: '/params/names', code: 'param.required', message: 'Say which field gets which name.' }],
  run: ({ params, input }) => ({
    port: 'main',
    output: eachItem(params.data === undefined ? input : params.data, (item) => renameFields(item, params.names)),
  }),
})
