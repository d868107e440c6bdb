import type { CredentialType } from './credential-types'
import type { FieldHint, NodeDefinition, RowColumn } from './define'

/** What a definition says on screen, by key: the English of it stands in the definition, another language in `messages/<locale>/nodes.json`. */
interface WordsOfNode {
  title?: string
  summary?: string
  /** Words people may search by, with commas between; they are added to the English ones. */
  keywords?: string
  form?: { [param: string]: WordsOfField }
  examples?: { [index: string]: { title?: string; help?: string } }
}

interface WordsOfField {
  label?: string
  help?: string
  example?: string
  options?: { [value: string]: string }
  columns?: { [key: string]: { label?: string; example?: string; options?: { [value: string]: string } } }
}

interface WordsOfCredential {
  title?: string
  summary?: string
  settings?: { [name: string]: { label?: string; help?: string } }
  secrets?: { [name: string]: { label?: string; help?: string } }
}

export interface WordsOfNodes {
  categories?: { [category: string]: string }
  types?: { [type: string]: WordsOfNode }
  credentials?: { [type: string]: WordsOfCredential }
}

/** A type or value as a key of messages, where a dot means nesting. */
export function wordKey(value: string): string {
  return value === '' ? 'empty' : value.replaceAll('.', '-')
}

/** The English of a definition, as a translation has it. */
export function wordsOf(definition: NodeDefinition): WordsOfNode {
  const form = Object.entries(definition.form as Record<string, FieldHint>)
  return {
    title: definition.title,
    summary: definition.summary,
    ...(definition.keywords?.length ? { keywords: definition.keywords.join(', ') } : {}),
    ...(form.length > 0 ? { form: Object.fromEntries(form.map(([param, hint]) => [param, wordsOfField(hint)])) } : {}),
    ...(definition.examples?.length
      ? {
          examples: Object.fromEntries(
            definition.examples.map(({ title, help }, index) => [String(index), { title, ...(help ? { help } : {}) }]),
          ),
        }
      : {}),
  }
}

/** The same definition in other words; what they leave out stays English. */
export function inWords(definition: NodeDefinition, words: WordsOfNode | undefined): NodeDefinition {
  if (!words) return definition
  const form = Object.entries(definition.form as Record<string, FieldHint>).map(([param, hint]) => [
    param,
    fieldInWords(hint, words.form?.[param]),
  ])
  return {
    ...definition,
    title: words.title ?? definition.title,
    summary: words.summary ?? definition.summary,
    ...(words.keywords ? { keywords: [...(definition.keywords ?? []), ...words.keywords.toLowerCase().split(/,\s*/)] } : {}),
    form: Object.fromEntries(form),
    ...(definition.examples
      ? { examples: definition.examples.map((example, index) => ({ ...example, ...words.examples?.[String(index)] })) }
      : {}),
  } as NodeDefinition
}

/** The English of a kind of credential, as a translation has it. */
export function wordsOfCredential({ title, summary, settings, secrets }: CredentialType): WordsOfCredential {
  const words = (fields: CredentialType['secrets']) =>
    Object.fromEntries(fields.map(({ name, label, help }) => [name, { label, ...(help ? { help } : {}) }]))
  return { title, summary, ...(settings.length > 0 ? { settings: words(settings) } : {}), secrets: words(secrets) }
}

type Asks = { type: string; title: string; summary: string; settings: { name: string }[]; secrets: { name: string }[] }

/** The same kind of credential in other words; what they leave out stays English. */
export function credentialInWords<Kind extends Asks>(kind: Kind, words: WordsOfNodes | undefined): Kind {
  const said = words?.credentials?.[wordKey(kind.type)]
  if (!said) return kind
  return {
    ...kind,
    title: said.title ?? kind.title,
    summary: said.summary ?? kind.summary,
    settings: kind.settings.map((field) => ({ ...field, ...said.settings?.[field.name] })),
    secrets: kind.secrets.map((field) => ({ ...field, ...said.secrets?.[field.name] })),
  }
}

function wordsOfField({ label, help, example, options, columns }: FieldHint): WordsOfField {
  return {
    label,
    ...(help ? { help } : {}),
    ...(example ? { example } : {}),
    ...(options ? { options: wordsOfOptions(options) } : {}),
    ...(columns ? { columns: Object.fromEntries(columns.map((column) => [wordKey(column.key), wordsOfColumn(column)])) } : {}),
  }
}

function wordsOfColumn({ label, example, options }: RowColumn) {
  return { label, ...(example ? { example } : {}), ...(options ? { options: wordsOfOptions(options) } : {}) }
}

function wordsOfOptions(options: readonly { value: string; label: string }[]) {
  return Object.fromEntries(options.map(({ value, label }) => [wordKey(value), label]))
}

function fieldInWords(hint: FieldHint, words: WordsOfField | undefined): FieldHint {
  if (!words) return hint
  const { options, columns, ...texts } = words
  return {
    ...hint,
    ...texts,
    ...(hint.options && options ? { options: optionsInWords(hint.options, options) } : {}),
    ...(hint.columns && columns
      ? {
          columns: hint.columns.map((column) => {
            const { options: own, ...rest } = columns[wordKey(column.key)] ?? {}
            return { ...column, ...rest, ...(column.options && own ? { options: optionsInWords(column.options, own) } : {}) }
          }),
        }
      : {}),
  }
}

function optionsInWords(options: readonly { value: string; label: string }[], words: { [value: string]: string }) {
  return options.map((option) => ({ ...option, label: words[wordKey(option.value)] ?? option.label }))
}
