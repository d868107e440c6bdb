'use client'

import { Braces, Download, Sheet } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import { download, toCsv } from './download'

/** Gives what is shown as a file. */
export function ExportMenu({ name, rows, disabled }: { name: string; rows: () => Record<string, unknown>[]; disabled?: boolean }) {
  const t = useTranslations('ui')
  const file = `${name}-${new Date().toISOString().slice(0, 10)}`
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="sm" disabled={disabled}>
          <Download />
          {t('export')}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem icon={<Sheet />} onSelect={() => download(`${file}.csv`, 'text/csv', toCsv(rows()))}>
          {t('exportCsv')}
        </DropdownMenuItem>
        <DropdownMenuItem icon={<Braces />} onSelect={() => download(`${file}.json`, 'application/json', JSON.stringify(rows(), null, 2))}>
          {t('exportJson')}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
