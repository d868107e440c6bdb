/** A CPU profile as V8 writes it; times in microseconds. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[]
  samples: number[]
  timeDeltas: number[]
}

interface Frame {
  name: string
  /** Of itself and all that it called, in microseconds. */
  us: number
  children: Frame[]
}

const idle = /^\((idle|root)\)/
const width = 1_600
const rowHeight = 17

/** Functions by the time that they took themselves, the longest first. */
export function hottest(profile: CpuProfile, most: number): { name: string; ms: number }[] {
  const names = new Map(profile.nodes.map((node) => [node.id, nameOf(node)]))
  const ms = new Map<string, number>()
  for (const [id, us] of selfTimes(profile)) {
    const name = names.get(id) ?? ''
    ms.set(name, (ms.get(name) ?? 0) + us / 1_000)
  }
  return [...ms]
    .map(([name, time]) => ({ name, ms: time }))
    .filter(({ name }) => !idle.test(name))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, most)
}

/** The profile as an SVG picture: what called lies below what was called, as wide as its share of the time. */
export function flameGraph(profile: CpuProfile, title: string): string {
  const root = framesOf(profile)
  const rects: string[] = []
  let deepest = 0
  const draw = (frame: Frame, x: number, depth: number) => {
    const span = (frame.us / root.us) * width
    if (span < 0.3) return
    deepest = Math.max(deepest, depth)
    const label =
      span > 40 ? `<text x="${(x + 3).toFixed(1)}" y="${depth * rowHeight + 12}">${xml(frame.name.slice(0, span / 6.2))}</text>` : ''
    const share = ((frame.us / root.us) * 100).toFixed(1)
    rects.push(
      `<g><title>${xml(frame.name)}: ${(frame.us / 1_000).toFixed(1)} ms, ${share} %</title><rect x="${x.toFixed(1)}" y="${depth * rowHeight}" width="${span.toFixed(1)}" height="${rowHeight - 1}" fill="hsl(${20 + (hash(frame.name) % 35)} 85% 66%)"/>${label}</g>`,
    )
    let at = x
    for (const child of frame.children.toSorted((a, b) => b.us - a.us)) {
      draw(child, at, depth + 1)
      at += (child.us / root.us) * width
    }
  }
  draw({ ...root, name: `${title}: ${(root.us / 1_000).toFixed(0)} ms busy` }, 0, 0)
  const height = (deepest + 1) * rowHeight
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="monospace" font-size="11">${rects.join('')}</svg>\n`
}

function framesOf(profile: CpuProfile): Frame {
  const self = selfTimes(profile)
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const frameOf = (id: number): Frame => {
    const node = nodes.get(id)
    if (!node) return { name: '', us: 0, children: [] }
    const children = (node.children ?? []).map(frameOf).filter(({ name, us }) => us > 0 && !idle.test(name))
    return { name: nameOf(node), us: (self.get(id) ?? 0) + children.reduce((sum, { us }) => sum + us, 0), children }
  }
  const [first] = profile.nodes
  return first ? frameOf(first.id) : { name: '', us: 1, children: [] }
}

function selfTimes({ samples, timeDeltas }: CpuProfile): Map<number, number> {
  const self = new Map<number, number>()
  for (const [index, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + (timeDeltas[index] ?? 0))
  return self
}

function nameOf({ callFrame }: CpuProfile['nodes'][number]): string {
  const file = callFrame.url.split('/').slice(-2).join('/')
  return `${callFrame.functionName || '(anonymous)'}${file ? ` ${file}:${callFrame.lineNumber + 1}` : ''}`
}

function hash(text: string): number {
  let sum = 0
  for (const character of text) sum = (sum * 31 + character.charCodeAt(0)) >>> 0
  return sum
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
