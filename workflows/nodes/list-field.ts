import type { FieldHint } from './define'

/** The field of every node that works through a list. */
export const listField: FieldHint = {
  label: 'List',
  widget: 'expression',
  help: 'Left empty, the input itself is the list.',
  example: '{{ input.orders }}',
}
