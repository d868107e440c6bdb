/** A step may leave by several ports at once; its record holds them in one text, a line for each. No port's name has a line break. */
export function joinPorts(ports: readonly string[]): string {
  return [...new Set(ports)].join('\n')
}

export function portsIn(taken: string | null | undefined): string[] {
  return taken === null || taken === undefined ? [] : taken.split('\n')
}

export function leavesBy(taken: string | null | undefined, port: string): boolean {
  return taken === port || (taken?.includes('\n') === true && portsIn(taken).includes(port))
}
