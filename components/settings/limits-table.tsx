'use client'

import { useTranslations } from 'next-intl'
import { formatDuration, formatNumber } from '@/components/ui/format'
import { PlainTable, Td, Th } from '@/components/ui/table'
import { limits } from '@/workflows/limits'
import { Section } from './section'

/** Every limit of the product, read from the one place that sets them. */
export function LimitsTable() {
  const t = useTranslations('settings.limits')
  const rows = Object.entries(limits).filter(([key]) => t.has(`name.${key}`))
  return (
    <Section title={t('title')} description={t('description')}>
      <PlainTable aria-label={t('title')}>
        <thead>
          <tr>
            <Th>{t('what')}</Th>
            <Th align="right">{t('most')}</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([key, value]) => (
            <tr key={key}>
              <Td className="whitespace-normal">{t(`name.${key}`)}</Td>
              <Td align="right" className="text-text-2">
                {wordsOf(key, value)}
              </Td>
            </tr>
          ))}
        </tbody>
      </PlainTable>
    </Section>
  )
}

function wordsOf(key: string, value: number) {
  if (/Ms$|Ms[A-Z]/.test(key)) return formatDuration(value)
  if (/Bytes/.test(key) || key === 'expressionSource') return value >= 1024 * 1024 ? `${value / 1024 / 1024} MB` : `${value / 1024} KB`
  return formatNumber(value)
}
