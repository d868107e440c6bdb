import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

type Scheme = 'light' | 'dark'

interface Asked {
  /** Only this part of the page. */
  within?: string
  /** In dark, after light, only the contrast is asked about: the same stands there in other colours. */
  schemes?: readonly Scheme[]
  /** Leaves out what axe calls minor or moderate. */
  onlySerious?: boolean
}

/** What axe finds in the page as it stands, a sentence each. Without schemes the page keeps its own. */
export async function faultsForAssistiveTechnology(page: Page, { within, schemes, onlySerious = false }: Asked = {}): Promise<string[]> {
  const found: string[] = []
  for (const scheme of schemes ?? [null]) {
    if (scheme) {
      await page.emulateMedia({ colorScheme: scheme })
      await expect(page.locator('html')).toHaveAttribute('data-theme', scheme)
    }
    // No page has frames whose insides are asked about, and what is well need not be written down: together a quarter of the time.
    const axe = new AxeBuilder({ page }).setLegacyMode().options({
      resultTypes: ['violations'],
      ...(scheme === 'dark' && schemes?.includes('light') ? { runOnly: { type: 'rule', values: ['color-contrast'] } } : {}),
    })
    if (within) axe.include(within)
    const { violations } = await axe.analyze()
    for (const { id, help, impact, nodes } of violations)
      if (!onlySerious || impact === 'serious' || impact === 'critical')
        found.push(`${scheme ? `${scheme}: ` : ''}${id}: ${help} (${nodes.length}) ${nodes[0]?.html.slice(0, 200)}`)
  }
  if (schemes?.at(-1) === 'dark') await page.emulateMedia({ colorScheme: 'light' })
  return found
}
