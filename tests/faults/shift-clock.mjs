// Loaded before a process's own code: what it takes for now is off by MILLRACE_CLOCK_OFFSET_MS; timers run as before.
const offset = Number(process.env.MILLRACE_CLOCK_OFFSET_MS ?? 0)
const RealDate = Date
const now = () => RealDate.now() + offset

class ShiftedDate extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now())
    else super(...given)
  }
  static now() {
    return now()
  }
}

if (offset !== 0) globalThis.Date = ShiftedDate
