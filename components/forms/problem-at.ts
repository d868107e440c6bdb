/** The first sentence about a field or about what is inside it. */
export function problemAt(problems: readonly { pointer?: string; message: string }[], pointer: string): string | null {
  return problems.find((problem) => problem.pointer === pointer || problem.pointer?.startsWith(`${pointer}/`))?.message ?? null
}
