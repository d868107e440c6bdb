'use client'

import { ExternalLink } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { PlainTable, Td, Th } from '@/components/ui/table'
import licences from './licences.json'
import { Section } from './section'

/** Which Millrace this is and whose work it stands on. */
export function About() {
  const t = useTranslations('settings.about')
  const canvas = (name: ReactNode) => (
    <a
      href="https://reactflow.dev"
      target="_blank"
      rel="noreferrer"
      className="inline-flex items-center gap-1 font-medium text-accent-text hover:underline"
    >
      {name}
      <ExternalLink aria-hidden className="size-3" />
    </a>
  )
  return (
    <>
      <Section title={t('version', { version: licences.version })} description={t('licence', { licence: licences.licence })}>
        <p className="max-w-160 text-text-2">{t.rich('canvas', { canvas })}</p>
      </Section>
      <Section title={t('title')} description={t('description')}>
        <PlainTable aria-label={t('title')}>
          <thead>
            <tr>
              <Th>{t('package')}</Th>
              <Th>{t('release')}</Th>
              <Th align="right">{t('terms')}</Th>
            </tr>
          </thead>
          <tbody>
            {licences.packages.map((one) => (
              <tr key={one.name}>
                <Td className="w-1/2 whitespace-normal">{one.name}</Td>
                <Td className="text-text-2">{one.version}</Td>
                <Td align="right" className="text-text-2 phone:whitespace-normal">
                  {one.licence}
                </Td>
              </tr>
            ))}
          </tbody>
        </PlainTable>
      </Section>
    </>
  )
}
