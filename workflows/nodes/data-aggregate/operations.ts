export const operations = [
  { value: 'count', label: 'Count' },
  { value: 'sum', label: 'Sum' },
  { value: 'average', label: 'Average' },
  { value: 'min', label: 'Smallest' },
  { value: 'max', label: 'Largest' },
  { value: 'list', label: 'List' },
  { value: 'distinct', label: 'List without duplicates' },
  { value: 'count-distinct', label: 'Count without duplicates' },
  { value: 'first', label: 'First' },
  { value: 'last', label: 'Last' },
] as const

export type Operation = (typeof operations)[number]['value']
