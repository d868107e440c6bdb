import './globals.css'
import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import { NextIntlClientProvider } from 'next-intl'
import { getLocale, getTranslations } from 'next-intl/server'
import { ThemeProvider } from 'next-themes'
import type { ReactNode } from 'react'
import { ApiProvider } from '@/components/api/api-provider'
import { WordsOfNodes } from '@/components/frame/words-of-nodes'
import { DirectionOfPage } from '@/components/ui/direction'
import { Toaster } from '@/components/ui/toaster'
import { nonceHeader } from '@/server/security-headers'
import { availableLocales, directionOf } from './i18n/locales'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('frame')
  return { title: { default: 'Millrace', template: '%s · Millrace' }, description: t('claim') }
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f5f3f0' },
    { media: '(prefers-color-scheme: dark)', color: '#14110e' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get(nonceHeader) ?? undefined
  const locale = await getLocale()
  const locales = (await availableLocales()).join(' ')
  return (
    <html
      lang={locale}
      dir={directionOf(locale)}
      data-locales={locales}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
      suppressHydrationWarning
    >
      <body>
        <NextIntlClientProvider>
          <WordsOfNodes>
            <ThemeProvider nonce={nonce} attribute="data-theme" defaultTheme="system" disableTransitionOnChange>
              <DirectionOfPage dir={directionOf(locale)}>
                <ApiProvider>{children}</ApiProvider>
                <Toaster />
              </DirectionOfPage>
            </ThemeProvider>
          </WordsOfNodes>
        </NextIntlClientProvider>
      </body>
    </html>
  )
}
