/** True for a text that is empty or JSON. */
export function isJson(text: string) {
  if (text.trim() === '') return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
