import { z } from 'zod'
import type { Json } from '../../graph/schema'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { eachItem } from '../each-item'
import { createFieldReader, withField, withoutField } from '../field-at'
import { fieldNames, fieldPathsParam, valueParam } from '../params'

export const dataPick = definePure({
  type: 'data.pick',
  version: 1,
  title: 'Pick fields',
  summary: 'Keep only some fields, or leave some out, in one object or in every item of a list.',
  category: 'data',
  icon: 'list-checks',
  keywords: ['keep', 'select', 'omit', 'remove', 'drop', 'columns', 'fields', 'project'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    data: valueParam.optional(),
    mode: z.enum(['pick', 'omit']).default('pick'),
    fields: fieldPathsParam.default([]),
  }),
  form: {
    data: {
      label: 'Data',
      widget: 'expression',
      help: 'Left empty, the input: an object, or a list of them.',
      example: '{{ input.customers }}',
    },
    mode: {
      label: 'Fields',
      widget: 'select',
      options: [
        { value: 'pick', label: 'Keep only these' },
        { value: 'omit', label: 'Leave these out' },
      ],
      literal: true,
    },
    fields: {
      label: 'Names',
      widget: 'text',
      help: 'Names with commas between them. A dot reaches a field inside another one.',
      example: 'id, customer.name',
      literal: true,
    },
  },
  subtitle: (params) => {
    const names = fieldNames(params.fields).join(', ')
    if (names === '') return phrase`No fields yet`
    return params.mode === 'omit' ? phrase`Without ${names}` : names
  },
  check: (params) =>
    fieldNames(params.fields).length > 0
      ? []
      : [{ pointer: '/params/fields', code: 'param.required', message: 'Name the fields, with commas between them.' }],
  run: ({ params, input }) => {
    const data = params.data === undefined ? input : params.data
    if (params.mode === 'omit') return { port: 'main', output: eachItem(data, (item) => params.fields.reduce<Json>(withoutField, item)) }
    const readers = params.fields.map((path) => ({ path, read: createFieldReader(path) }))
    const picked = (item: Json): Json =>
      readers.reduce<Json>((made, { path, read }) => {
        const value = read(item)
        return value === undefined ? made : withField(made, path, value)
      }, {})
    return { port: 'main', output: eachItem(data, picked) }
  },
})
