'use client'

import { useMessages } from 'next-intl'
import { type ReactNode, use } from 'react'
import type { WordsOfNodes as Words } from '@/workflows/nodes/node-words'

let spoken: { words: Words; done: Promise<void> } | null = null

/**
 * Gives the catalogue the page's words before anything below draws. English stands in the catalogue, so that an English page loads it only
 * where it shows nodes; on the server nothing of it is drawn.
 */
export function WordsOfNodes({ children }: { children: ReactNode }) {
  const words = (useMessages() as { nodes?: Words }).nodes
  if (words && typeof window !== 'undefined') use(speak(words))
  return children
}

function speak(words: Words): Promise<void> {
  if (spoken?.words !== words) spoken = { words, done: import('@/workflows/nodes/catalogue').then((module) => module.speakOfNodes(words)) }
  return spoken.done
}
