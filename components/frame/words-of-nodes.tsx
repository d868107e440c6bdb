'use client'

import { useLocale, useMessages } from 'next-intl'
import { type ReactNode, use } from 'react'
import { preload } from 'react-dom'
import type { WordsOfNodes as Words } from '@/workflows/nodes/node-words'
import { speak } from '@/workflows/words/spoken'
import type { Sentences } from '@/workflows/words/translator'

let spoken: { words: Words; done: Promise<unknown> } | null = null

/**
 * Gives the catalogue the page's words, and with them the sentences that are not said in messages, before anything below draws. English
 * stands in the code, so that an English page loads the catalogue only where it shows nodes; on the server nothing of it is drawn.
 */
export function WordsOfNodes({ children }: { children: ReactNode }) {
  const words = (useMessages() as { nodes?: Words }).nodes
  const locale = useLocale()
  if (words) preload(addressOf(locale), { as: 'fetch', crossOrigin: 'anonymous' })
  if (words && typeof window !== 'undefined') use(learn(words, locale))
  return children
}

function learn(words: Words, locale: string): Promise<unknown> {
  if (spoken?.words !== words) {
    const nodes = import('@/workflows/nodes/catalogue').then((module) => module.speakOfNodes(words))
    spoken = { words, done: Promise.all([nodes, learnSentences(locale)]) }
  }
  return spoken.done
}

const addressOf = (locale: string) => `/words/${locale}`

/** Without them a page says in English what it has no message for. */
async function learnSentences(locale: string): Promise<void> {
  try {
    const [{ createTranslator }, answer] = await Promise.all([import('@/workflows/words/translator'), fetch(addressOf(locale))])
    if (!answer.ok) return
    const sentences = (await answer.json()) as Sentences
    speak({ locale, sentences, translate: createTranslator(locale, sentences) })
  } catch {
    speak(null)
  }
}
