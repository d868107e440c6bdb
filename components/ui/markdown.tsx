import { Fragment, type ReactNode } from 'react'

/** Paragraphs, lists, bold, italic, code and links as React elements; never HTML, and links only to http, https and mail. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown">
      {blocksOf(text).map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a block's place is its identity
        <Block key={index} block={block} />
      ))}
    </div>
  )
}

type MarkdownBlock = { kind: 'text' | 'heading' | 'bullets' | 'numbers'; lines: string[] }

function Block({ block }: { block: MarkdownBlock }) {
  const lines = block.lines.map((line, index) => ({ key: `${index}`, words: inline(line) }))
  if (block.kind === 'heading') return <h4>{lines[0]?.words}</h4>
  if (block.kind === 'text')
    return (
      <p>
        {lines.map(({ key, words }, index) => (
          <Fragment key={key}>
            {index > 0 && <br />}
            {words}
          </Fragment>
        ))}
      </p>
    )
  const List = block.kind === 'bullets' ? 'ul' : 'ol'
  return (
    <List>
      {lines.map(({ key, words }) => (
        <li key={key}>{words}</li>
      ))}
    </List>
  )
}

export function blocksOf(text: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = []
  let open: MarkdownBlock | null = null
  for (const line of text.split('\n')) {
    const heading = /^#{1,6}\s+(.*)$/.exec(line)
    const bullet = /^\s*[-*•]\s+(.*)$/.exec(line)
    const number = /^\s*\d+[.)]\s+(.*)$/.exec(line)
    const kind = heading ? 'heading' : bullet ? 'bullets' : number ? 'numbers' : 'text'
    const words = (heading ?? bullet ?? number)?.[1] ?? line
    if (kind === 'text' && line.trim() === '') {
      open = null
      continue
    }
    if (open && open.kind === kind && kind !== 'heading') open.lines.push(words)
    else {
      open = { kind, lines: [words] }
      blocks.push(open)
    }
  }
  return blocks
}

/** What is a link is looked for within limits: of many brackets that nobody closes, each would be followed to the end of the text. */
const marks = /\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|`([^`]+)`|\[([^[\]]{1,500})\]\(([^()\s]{1,2000})\)/g

function inline(text: string): ReactNode[] {
  const parts: ReactNode[] = []
  let at = 0
  for (const match of text.matchAll(marks)) {
    if (match.index > at) parts.push(text.slice(at, match.index))
    at = match.index + match[0].length
    const key = `${match.index}`
    const [whole, bold, bolder, italic, code, label, href] = match
    if (bold ?? bolder) parts.push(<strong key={key}>{bold ?? bolder}</strong>)
    else if (italic) parts.push(<em key={key}>{italic}</em>)
    else if (code) parts.push(<code key={key}>{code}</code>)
    else if (label && href && /^(https?:\/\/|mailto:)/i.test(href))
      parts.push(
        <a key={key} href={href} target="_blank" rel="noreferrer noopener nofollow">
          {label}
        </a>,
      )
    else parts.push(whole)
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}
