'use client'

import { useMessages } from 'next-intl'
import { speakOfNodes } from '@/workflows/nodes/catalogue'
import type { WordsOfNodes as Words } from '@/workflows/nodes/node-words'

let spoken: unknown

/** Gives the catalogue the page's words before anything below draws. On the server nothing of the catalogue is drawn. */
export function WordsOfNodes() {
  const words = (useMessages() as { nodes?: Words }).nodes
  if (typeof window !== 'undefined' && words !== spoken) {
    spoken = words
    speakOfNodes(words)
  }
  return null
}
