import { NodeError } from './errors'

/** A short text can name many columns and have many rows, and each row gets each column. */
const mostCells = 5_000_000

/** Refuses a table that is far larger than what it is made of, before it is made. */
export function requireCells(columns: number, rows: number): void {
  if (columns * rows <= mostCells) return
  throw new NodeError({
    class: 'bad_data',
    code: 'table.too_many_cells',
    message: `The table would have ${columns.toLocaleString('en-US')} columns and ${rows.toLocaleString('en-US')} rows; ${mostCells.toLocaleString('en-US')} cells are made at most.`,
    hint: 'Keep only the columns that are needed, or fewer rows.',
    pointer: '/params/data',
  })
}
