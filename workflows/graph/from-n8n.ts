/** Whether this is what n8n copies or exports: nodes by name with a type of one of its packages, and connections by name. */
export function isN8n(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('nodes' in value) || !Array.isArray(value.nodes)) return false
  return value.nodes.some(
    (node: unknown) =>
      typeof node === 'object' &&
      node !== null &&
      'type' in node &&
      typeof node.type === 'string' &&
      /^(?:@n8n\/|n8n-nodes-|@[\w-]+\/n8n-nodes-)/.test(node.type),
  )
}
