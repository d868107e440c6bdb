/** Where a Chromium is, or null. */
export function findChromium(): string | null
