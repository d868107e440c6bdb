import { availableLocales } from '@/app/i18n/locales'
import { readSentences } from '@/app/i18n/read-sentences'

/** How a language says what stands in English in the code. Public: it is the same for everybody, and the page before sign-in needs it. */
export async function GET(_request: Request, { params }: { params: Promise<{ locale: string }> }): Promise<Response> {
  const { locale } = await params
  if (!(await availableLocales()).includes(locale)) return Response.json({}, { status: 404 })
  return Response.json(await readSentences(locale), { headers: { 'Cache-Control': 'public, max-age=600, stale-while-revalidate=86400' } })
}
