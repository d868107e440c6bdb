import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { messagesFolder } from './locales'

/** Beside the messages of a language: English sentences of the code with their translation. */
export const sentencesFile = 'sentences.json'

export async function readSentences(locale: string): Promise<Record<string, string>> {
  try {
    return JSON.parse(await readFile(path.join(messagesFolder, locale, sentencesFile), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}
