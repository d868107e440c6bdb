/** What changed, never what it says: whoever may see it asks for it. */
export interface LiveEvent {
  /** `run`, `step`, `workflow`, `draft`, `dead_letter`, `task`, `schedule`, `credential` … */
  kind: string
  ids: string[]
  /** Of the outbox; 0 for what is only a hint and was not stored. */
  seq: number
}
/** With the id by which a client that reconnects says what it saw last. */
export interface TrackedEvent extends LiveEvent {
  id: string
}
