export const operationLabels = [
  { value: 'format', label: 'Write a date' },
  { value: 'add', label: 'Add or take away time' },
  { value: 'difference', label: 'Time between two dates' },
  { value: 'start', label: 'Start of the day, month …' },
  { value: 'end', label: 'End of the day, month …' },
  { value: 'parts', label: 'Take apart' },
] as const
