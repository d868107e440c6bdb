import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { build } from 'esbuild'
import type { Graph } from '../../workflows/graph/schema'

/** Serves the yardstick at a free port; gives its address and how to stop it. */
export async function serveBarePage(graph: Graph) {
  const made = await build({
    entryPoints: [path.join(import.meta.dirname, 'bare-page.tsx')],
    bundle: true,
    minify: true,
    write: false,
    outdir: 'out',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const text = (ending: string) => made.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? ''
  const shapes = {
    nodes: graph.nodes.map((node) => ({ id: node.id, position: node.position, data: { label: node.title } })),
    edges: graph.edges.map((edge) => ({ id: edge.id, source: edge.from, target: edge.to })),
  }
  const page = `<!doctype html><meta charset="utf-8"><style>${text('.css')}</style><div id="root"></div>
<script>window.bare = ${JSON.stringify(shapes)}</script><script src="/page.js"></script>`
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? text('.js') : page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => new Promise((resolve) => server.close(resolve)) }
}
