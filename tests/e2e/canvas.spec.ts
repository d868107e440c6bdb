
test('who sees the whole graph sees all of it when something opens below, and a view that was chosen stays', async ({ page, baseURL }) => {
  const tall = drawGraph(
    Array.from({ length: 8 }, (_, row) => step(`step000${row}`, row === 0 ? 'trigger.manual' : 'data.set', `Row ${row}`, [0, row])),
    [],
  )
  const { canvas, card } = await openGraph(page, baseURL, tall)
  const inside = async (title: string) => {
    const [box, frame] = [await card(title).boundingBox(), await canvas.boundingBox()]
    return !!box && !!frame && box.y >= frame.y && box.y + box.height <= frame.y + frame.height
  }
  const rows = ['Row 0', 'Row 7']
  await page.getByRole('button', { name: 'Outline' }).click()
  for (const title of rows) await expect.poll(() => inside(title)).toBe(true)
  await page.getByRole('button', { name: 'Hide', exact: true }).click()
  for (const title of rows) await expect.poll(() => inside(title)).toBe(true)
  await page.getByTitle('Zoom to 100 %').click()
  const zoom = () => canvas.getByTitle('Zoom to 100 %').textContent()
  await expect.poll(zoom).toBe('100%')
  await page.getByRole('button', { name: 'Outline' }).click()
  await expect(page.getByRole('tree', { name: 'Outline of the workflow' })).toBeVisible()
  expect(await zoom()).toBe('100%')
})
