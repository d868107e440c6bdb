import { referencesOf } from './references'

interface Named {
  nodes: readonly { id: string; key: string }[]
}

/** `steps.$k3f9a2x1` as the key people know; what names no node of the graph stays as it is. */
export function toShown(text: string, graph: Named): string {
  return rename(text, (name) => {
    if (!name.startsWith('$')) return undefined
    return graph.nodes.find((node) => node.id === name.slice(1))?.key
  })
}

/** `steps.fetch` as `steps.$` and the node's id, so that renaming a step touches no text. */
export function toStored(text: string, graph: Named): string {
  return rename(text, (name) => {
    if (name.startsWith('$')) return undefined
    const node = graph.nodes.find(({ key }) => key === name)
    return node && `$${node.id}`
  })
}

function rename(text: string, newName: (name: string) => string | undefined): string {
  if (!text.includes('{{') || !text.includes('steps')) return text
  let from = 0
  let renamed = ''
  for (const { root, name, nameStart, nameEnd } of referencesOf(text)) {
    if (root !== 'steps' || name === undefined || nameStart === undefined || nameEnd === undefined) continue
    const next = newName(name)
    if (next === undefined) continue
    renamed += text.slice(from, nameStart) + next
    from = nameEnd
  }
  return renamed + text.slice(from)
}
