import { useTranslations } from 'next-intl'
import type { Json } from '@/workflows/graph/schema'
import { shortValue } from './data-tree'

const rowsAtMost = 200

/** A list of objects as a table; the first list inside an object where it is one itself. */
export function DataTable({ value }: { value: Json | undefined }) {
  const t = useTranslations('forms.data')
  const rows = rowsIn(value)
  if (!rows || rows.length === 0) return <p className="px-4 py-2 text-12 text-text-2">{t('noTable')}</p>
  const shown = rows.slice(0, rowsAtMost)
  const columns = [...new Set(shown.flatMap((row) => (isObject(row) ? Object.keys(row) : ['value'])))].slice(0, 50)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="overflow-auto" tabIndex={0}>
      <table className="w-full border-collapse text-12">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className="h-8 border-b px-3 text-left font-medium whitespace-nowrap text-text-3">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of data have no other identity
            <tr key={index}>
              {columns.map((column) => (
                <td key={column} className="mono h-8 max-w-60 truncate border-b px-3 whitespace-nowrap">
                  {isObject(row) ? (column in row ? shortValue(row[column]) : '') : shortValue(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > rowsAtMost && <p className="px-3 py-2 text-12 text-text-3">{t('more', { count: rows.length - rowsAtMost })}</p>}
    </div>
  )
}

export function rowsIn(value: Json | undefined): Json[] | null {
  if (Array.isArray(value)) return value
  if (!isObject(value)) return null
  const list = Object.values(value).find((one) => Array.isArray(one) && one.some(isObject))
  return Array.isArray(list) ? list : [value]
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
