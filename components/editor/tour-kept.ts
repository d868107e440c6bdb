/** Whether this person has taken the tour or put it away, in this browser. */
export function tourIsOver(userId: string): boolean {
  try {
    return localStorage.getItem(keyOf(userId)) !== null
  } catch {
    return true
  }
}

export function endTour(userId: string) {
  try {
    localStorage.setItem(keyOf(userId), 'over')
  } catch {
    // Storage is full or forbidden: the offer comes again on the next visit.
  }
}

function keyOf(userId: string) {
  return `millrace:tour:${userId}`
}
