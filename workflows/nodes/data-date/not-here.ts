import type * as here from './work-with-date'

/** What pages get instead: they show this node and never run it, and the calendar behind it is larger than all other nodes together. */
export const workWithDate: typeof here.workWithDate = () => {
  throw new Error('Dates are worked with in the worker, not in a page.')
}
