/** What a step's path says: the node that ran, and the containers around it from the outside in. */
export interface PathParts {
  nodeId: string
  containers: { id: string; iteration: string }[]
  /** Inside an agent: what stands after the agent's own path. */
  within: string
}

/** Reads a step's path. An iteration never looks like a turn of an agent, so that a path can be read without its plan. */
export function readPath(path: string): PathParts {
  const parts = path.split('/')
  const containers: PathParts['containers'] = []
  let at = 0
  while (at + 2 < parts.length && !isTurn(parts[at + 1] as string)) {
    containers.push({ id: parts[at] as string, iteration: parts[at + 1] as string })
    at += 2
  }
  const rest = parts.slice(at + 1)
  return { nodeId: parts[at] as string, containers, within: rest.join('/') }
}

/** The node that ran at a path; for a tool that an agent called, the tool. */
export function nodeIdOf(path: string, plan?: { nodes: ReadonlyMap<string, unknown> }): string {
  const { nodeId, within } = readPath(path)
  const tool = /(?:^|\/)call\.\d+\.(.+)$/.exec(within)?.[1]
  return tool !== undefined && (!plan || plan.nodes.has(tool)) ? tool : nodeId
}

function isTurn(part: string): boolean {
  return part.startsWith('turn.')
}
