/**
 * What time it is for runs: the database's, by which leases and due times go, wherever they are compared. A machine whose clock is set wrong
 * would else wait minutes too long or not at all.
 */
let offsetMs = 0

/** Clocks that are this close are taken for equal: the answer of the database took its time, too. */
const closeMs = 250

export function nowMs(): number {
  return Date.now() + offsetMs
}

export function now(): Date {
  return new Date(nowMs())
}

/** A moment by this machine's clock, as runs go by it. */
export function runTimeOf(machineMs: number): Date {
  return new Date(machineMs + offsetMs)
}

/** `asked` and `heard` are this machine's times around the answer. Gives how far this machine's clock is off. */
export function setByDatabase(databaseMs: number, asked: number, heard: number): number {
  const difference = databaseMs - (asked + heard) / 2
  offsetMs = Math.abs(difference) <= closeMs + (heard - asked) ? 0 : Math.round(difference)
  return -offsetMs
}
