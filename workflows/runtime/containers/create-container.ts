import type { ContainerKind } from '../../nodes/define'
import type { Execution } from '../execution'
import type { ContainerRun } from '../frame'
import { type Container, type ContainerCall, createContainerKit } from './container'
import { createForEach } from './for-each'
import { createParallel } from './parallel'
import { createRepeat } from './repeat'
import { createTry } from './try'

const kinds: Record<ContainerKind, (container: Container) => ContainerRun> = {
  for_each: createForEach,
  repeat: createRepeat,
  try: createTry,
  parallel: createParallel,
}

/** What runs a container's body; a node that its settings run for each item is a container of itself. */
export function createContainer(execution: Execution, call: ContainerCall): ContainerRun {
  const { definition, each } = call.planned
  const kit = createContainerKit(execution, call)
  if (each || definition.kind !== 'control') return createForEach(kit)
  return kinds[definition.control as ContainerKind](kit)
}
