import type { Json } from '../../graph/schema'

export type Fields = { [key: string]: Json }

/** What a part of the document says, behind its references to other parts. */
export function resolved(root: Fields, value: Json | undefined): Fields {
  let part = fieldsIn(value)
  for (let hops = 0; typeof part.$ref === 'string' && hops < 8; hops++) {
    if (!part.$ref.startsWith('#/')) return {}
    const way = part.$ref.slice(2).split('/')
    part = fieldsIn(way.reduce<Json>((at, name) => ownOf(at, name.replaceAll('~1', '/').replaceAll('~0', '~')), root))
  }
  return part
}

function ownOf(value: Json, name: string): Json {
  return isFields(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null
}

export function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function fieldsIn(value: Json | undefined): Fields {
  return isFields(value) ? value : {}
}

export function listIn(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

export function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
