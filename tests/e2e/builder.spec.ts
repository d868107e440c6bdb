import { expect, type Locator, type Page, test } from '@playwright/test'
import type { Graph, Json } from '@/workflows/graph/schema'
import { drawGraph, note, step } from '@/workflows/templates/draw-graph'
import { canvasDriver } from '../support/canvas-driver'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { asOwner, giveSession, type Signed } from '../support/owner'

/** What the builder promises, sentence by sentence, where no other file shows it. */
let signed: Signed
let url: string
let sink: HttpSink
let page: Page
let canvas: ReturnType<typeof canvasDriver>

test.beforeAll(async ({ browser, baseURL }) => {
  url = baseURL as string
  signed = await asOwner(url)
  sink = await startHttpSink({
    onRequest: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ score: 82 }))
    },
  })
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  canvas = canvasDriver(page)
  await giveSession(page, url, signed.cookie)
})
test.afterAll(async () => {
  await page.context().close()
  await sink.close()
})

async function open(graph: Graph) {
  const name = `Builder ${Date.now().toString(36)} ${Math.random().toString(36).slice(2, 6)}`
  const { id } = await signed.api.workflows.create.mutate({ name, graph: graph as unknown as Json })
  await show(id)
  return id
}

async function show(id: string) {
  await page.goto(`${url}/o/${signed.slug}/workflows/${id}`)
  await expect(canvas.canvas).toHaveAttribute('data-ready', 'true')
}

const graphOf = async (workflowId: string) => (await signed.api.workflows.get.query({ workflowId })).draft.graph
const titles = async (workflowId: string) => (await graphOf(workflowId)).nodes.map((node) => node.title).sort()
const lines = ({ nodes, edges }: Graph) => {
  const title = new Map(nodes.map((node) => [node.id, node.title]))
  return edges.map((edge) => `${title.get(edge.from)} -> ${title.get(edge.to)}`).sort()
}
const choose = (title: string) => canvas.card(title).locator('.mr-nm').click()
const boxOf = async (target: Locator) => {
  const box = await target.boundingBox()
  if (!box) throw new Error('it is not on the screen')
  return box
}
const middleOf = async (target: Locator) => {
  const box = await boxOf(target)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}
/** A colour of the theme as the browser works it out for what is drawn. */
const colourOf = (token: string) =>
  canvas.canvas.evaluate((element, name) => {
    const patch = element.appendChild(document.createElement('i'))
    patch.style.color = `var(${name})`
    const { color } = getComputedStyle(patch)
    patch.remove()
    return color
  }, token)

const set = (value = '1') => ({ fields: [{ name: 'a', value }] })
const line = () =>
  drawGraph(
    [
      step('begin_00', 'trigger.manual', 'Start', [0, 0]),
      step('prepare0', 'data.set', 'Prepare', [1, 0], set()),
      step('finish00', 'data.set', 'Finish', [2, 0], set()),
    ],
    ['begin_00 -> prepare0 -> finish00'],
  )

test('a node is added by + on an edge, which inserts it there and makes room', async () => {
  const id = await open(line())
  const [from, to] = [await middleOf(canvas.card('Prepare')), await middleOf(canvas.card('Finish'))]
  const edge = canvas.canvas.locator('.react-flow__edge-interaction').last()
  await page.mouse.move((from.x + to.x) / 2 - 3, from.y)
  await edge.dispatchEvent('mouseover')
  await canvas.canvas.getByRole('button', { name: 'Insert a node here' }).click()
  await expect(page.getByRole('dialog', { name: 'Insert a node' })).toBeVisible()
  await page.keyboard.type('wait')
  await page.keyboard.press('Enter')
  await expect(canvas.card('Wait')).toBeVisible()
  await canvas.saved()
  const graph = await graphOf(id)
  expect(lines(graph)).toEqual(['Prepare -> Wait', 'Start -> Prepare', 'Wait -> Finish'])
  const x = (title: string) => graph.nodes.find((node) => node.title === title)?.position.x ?? 0
  expect(x('Wait')).toBeGreaterThan(x('Prepare'))
  expect(x('Finish') - x('Wait')).toBeGreaterThanOrEqual(208)
})

test('what is typed right behind Tab stands in the search box, also while its code still comes', async () => {
  const id = await open(drawGraph([step('first_00', 'data.set', 'First', [0, 0])], []))
  await page.reload()
  await expect(canvas.canvas).toHaveAttribute('data-ready', 'true')
  await choose('First')
  await page.keyboard.press('Tab')
  // Each of these letters is a shortcut of the canvas, too.
  await page.keyboard.type('bdl')
  await page.keyboard.press('Backspace')
  const box = page.getByRole('dialog', { name: 'What comes next?' }).getByRole('combobox')
  await expect(box).toHaveValue('bd')
  await page.keyboard.type('x')
  await expect(box).toHaveValue('bdx')
  await page.keyboard.press('Escape')
  expect((await graphOf(id)).nodes[0]?.settings.disabled).toBe(false)
})

test('a step whose adding was undone leaves the one before it chosen, and one whose removal was undone is chosen again', async () => {
  const id = await open(drawGraph([step('first_00', 'data.set', 'First', [0, 0])], []))
  const add = async (words: string, title: string) => {
    await page.keyboard.press('Tab')
    await expect(page.getByRole('dialog', { name: 'What comes next?' })).toBeVisible()
    await page.keyboard.type(words)
    await expect(page.getByRole('option').first()).toContainText(title)
    await page.keyboard.press('Enter')
    await expect(canvas.card(title)).toBeVisible()
  }
  await choose('First')
  await add('limit', 'Limit')
  await page.keyboard.press('ControlOrMeta+z')
  await expect(canvas.card('Limit')).toHaveCount(0)
  await add('filter', 'Filter')
  await canvas.saved()
  await expect.poll(async () => lines(await graphOf(id))).toEqual(['First -> Filter'])
  await page.keyboard.press('Delete')
  await expect(canvas.card('Filter')).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+z')
  await add('sort', 'Sort')
  await canvas.saved()
  await expect.poll(async () => lines(await graphOf(id))).toEqual(['Filter -> Sort', 'First -> Filter'])
})

test('an edge dropped on nothing offers what fits there, and connects it', async () => {
  const id = await open(line())
  const port = canvas.canvas.getByLabel('Way out of Finish: goes on', { exact: true })
  await port.hover()
  const out = await middleOf(port)
  await page.mouse.down()
  await page.mouse.move(out.x + 60, out.y + 120, { steps: 6 })
  await page.mouse.up()
  const search = page.getByRole('dialog', { name: 'What comes next?' })
  await expect(search).toBeVisible()
  await page.keyboard.type('schedule')
  // What starts a run cannot come next.
  await expect(search.getByRole('option', { name: /^Schedule/ })).toHaveCount(0)
  await search.getByRole('combobox').fill('http request')
  await page.keyboard.press('Enter')
  await expect(canvas.card('HTTP request')).toBeVisible()
  await canvas.saved()
  expect(lines(await graphOf(id))).toContain('Finish -> HTTP request')
})

test('a press of the plus at a port asks what comes there, also with a hand that trembles beside another port', async () => {
  const id = await open(
    drawGraph(
      [step('begin_00', 'trigger.manual', 'Start', [0, 0]), step('ask_0000', 'people.approval', 'Ask', [1, 0], { title: 'Pay?' })],
      ['begin_00 -> ask_0000'],
    ),
  )
  const search = page.getByRole('dialog', { name: 'What comes next?' })
  for (const [way, tremble] of [
    ['approved', 0],
    ['declined', 0],
    ['declined', 3],
  ] as const) {
    const port = canvas.canvas.getByLabel(`Way out of Ask: ${way}`, { exact: true })
    await port.hover()
    const at = await middleOf(port)
    await page.mouse.down()
    if (tremble) await page.mouse.move(at.x + tremble, at.y - tremble)
    await page.mouse.up()
    await expect(search).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(search).toHaveCount(0)
  }
  await canvas.canvas.getByLabel('Way out of Ask: declined', { exact: true }).click()
  await page.keyboard.type('stop')
  await page.keyboard.press('Enter')
  await expect(canvas.card('Stop')).toBeVisible()
  await canvas.canvas.getByLabel('Way out of Ask: approved', { exact: true }).click()
  await page.keyboard.type('set fields')
  await page.keyboard.press('Enter')
  await expect(canvas.card('Set fields')).toBeVisible()
  await canvas.saved()
  const { nodes, edges } = await graphOf(id)
  expect(edges.map((edge) => edge.fromPort).sort()).toEqual(['approved', 'declined', 'main'])
  // None of them lies upon another.
  expect(new Set(nodes.map(({ position }) => `${position.x} ${position.y}`)).size).toBe(nodes.length)
})

test('nodes are chosen, duplicated, switched off, renamed and removed by key, and everything is undone and redone without limit', async () => {
  const id = await open(line())
  const before = await graphOf(id)
  await choose('Prepare')
  await page.keyboard.press('F2')
  await page.getByLabel('Name of the node').fill('Named')
  await page.keyboard.press('Enter')
  await expect(canvas.card('Named')).toBeVisible()
  await choose('Named')
  for (let times = 0; times < 41; times++) await page.keyboard.press('d')
  await expect(canvas.card('Named')).toHaveAttribute('data-disabled', 'true')
  await page.keyboard.press('ControlOrMeta+d')
  await expect.poll(async () => (await graphOf(id)).nodes.length).toBe(4)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('Delete')
  await expect(canvas.canvas.locator('[data-node-id]')).toHaveCount(0)
  await canvas.saved()
  const undo = page.getByRole('button', { name: /^Undo/ })
  for (let times = 0; times < 44; times++) await page.keyboard.press('ControlOrMeta+z')
  await expect(undo).toBeDisabled()
  await canvas.saved()
  await expect.poll(() => graphOf(id)).toEqual(before)
  for (let times = 0; times < 44; times++) await page.keyboard.press('ControlOrMeta+Shift+z')
  await canvas.saved()
  await expect.poll(async () => (await graphOf(id)).nodes.length).toBe(0)
})

test('nodes are copied as plain JSON and pasted into another workflow', async () => {
  await open(line())
  await page.keyboard.press('1')
  await choose('Prepare')
  await canvas
    .card('Finish')
    .locator('.mr-nm')
    .click({ modifiers: ['Shift'] })
  await page.keyboard.press('ControlOrMeta+c')
  await expect(page.getByText('2 nodes copied')).toBeVisible()
  const text = await page.evaluate(() => navigator.clipboard.readText())
  expect(JSON.parse(text)).toMatchObject({ graph: { nodes: [{ title: 'Prepare' }, { title: 'Finish' }] } })
  const id = await open(drawGraph([step('begin_00', 'trigger.manual', 'Start', [0, 0])], []))
  await canvas.canvas.locator('.react-flow').focus()
  await page.keyboard.press('ControlOrMeta+v')
  await expect(canvas.card('Finish')).toBeVisible()
  await canvas.saved()
  expect(await titles(id)).toEqual(['Finish', 'Prepare', 'Start'])
  expect(lines(await graphOf(id))).toEqual(['Prepare -> Finish'])
})

test('what stands in any node is found by its name, its kind and its fields, and replaced across nodes in one step', async () => {
  const graph = line()
  const fields = [{ name: 'customer', value: 'Harbour Fittings' }]
  const id = await open({ ...graph, nodes: graph.nodes.map((node) => (node.title === 'Finish' ? { ...node, params: { fields } } : node)) })
  await page.keyboard.press('ControlOrMeta+f')
  const find = page.getByRole('dialog', { name: 'Find in this workflow' })
  await find.getByRole('combobox').fill('prepa')
  await expect(find.getByRole('option')).toHaveCount(1)
  await find.getByRole('combobox').fill('set fields')
  await expect(find.getByRole('option')).toHaveCount(2)
  await find.getByRole('combobox').fill('harbour')
  await expect(find.getByRole('option')).toContainText('Finish')
  await page.keyboard.press('Enter')
  await expect(canvas.card('Finish')).toHaveAttribute('data-selected', 'true')
  await page.keyboard.press('ControlOrMeta+f')
  await find.getByRole('combobox').fill('harbour')
  await find.getByLabel('Replace it with').fill('Quayside')
  await find.getByRole('button', { name: 'Replace in 1 field' }).click()
  await expect(page.getByText('1 field was changed. Undo brings back what was there.')).toBeVisible()
  const named = async () => JSON.stringify((await graphOf(id)).nodes.map((node) => node.params))
  await expect.poll(named).toContain('Quayside Fittings')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+z')
  await expect.poll(named).toContain('Harbour Fittings')
})

test('holding Shift over a node lights up where its data comes from and goes to, and the rest dims', async () => {
  const graph = line()
  const loose = drawGraph(
    [step('loose_00', 'data.set', 'Loose', [1, 1], set()), step('loose_01', 'data.set', 'Looser', [2, 1], set())],
    ['loose_00 -> loose_01'],
  )
  await open({ ...graph, nodes: [...graph.nodes, ...loose.nodes], edges: [...graph.edges, ...loose.edges] })
  await canvas.card('Prepare').locator('.mr-nm').hover()
  await page.keyboard.down('Shift')
  await expect(canvas.canvas).toHaveAttribute('data-tracing', 'true')
  for (const title of ['Start', 'Prepare', 'Finish']) await expect(canvas.card(title)).toHaveAttribute('data-traced', 'true')
  await expect(canvas.card('Loose')).not.toHaveAttribute('data-traced')
  const name = (title: string) => canvas.card(title).locator('.mr-nm')
  const [dim, plain, accent] = [await colourOf('--text-3'), await colourOf('--text'), await colourOf('--accent')]
  expect(new Set([dim, plain, accent]).size).toBe(3)
  // What is lit keeps its words and has the accent around it; the rest turns grey.
  for (const title of ['Start', 'Prepare', 'Finish']) {
    await expect(canvas.card(title)).toHaveCSS('border-top-color', accent)
    await expect(name(title)).toHaveCSS('color', plain)
  }
  await expect(name('Loose')).toHaveCSS('color', dim)
  await expect(canvas.card('Loose').locator('.mr-tile')).toHaveCSS('color', dim)
  await expect(canvas.card('Loose')).toHaveCSS('border-top-color', await colourOf('--border'))
  const [from, to] = [canvas.canvas.locator('.mr-edge').first(), canvas.canvas.locator('.mr-edge').last()]
  await expect(from).toHaveCSS('stroke', accent)
  await expect(to).toHaveCSS('stroke', await colourOf('--border-strong'))
  await page.keyboard.up('Shift')
  await expect(canvas.canvas).not.toHaveAttribute('data-tracing')
  await expect(name('Loose')).toHaveCSS('color', plain)
})

test('1 fits the whole graph into view; the minimap shows all of it, and a press or a drag on it leads there', async () => {
  const graph = line()
  await open({ ...graph, nodes: [...graph.nodes, { ...step('far_0000', 'data.set', 'Far away', [14, 9], set()) }] })
  await page.getByTitle('Zoom to 100 %').click()
  await expect(canvas.canvas).toHaveAttribute('data-zoom', 'full')
  await canvas.canvas.locator('.react-flow').focus()
  await page.keyboard.press('1')
  for (const title of ['Start', 'Far away']) await expect(canvas.card(title)).toBeInViewport({ ratio: 0.99 })
  await page.getByTitle('Zoom to 100 %').click()
  const map = page.getByRole('img', { name: 'Minimap' })
  const frame = await boxOf(canvas.canvas)
  const fromMiddle = async (title: string) => {
    const at = await middleOf(canvas.card(title))
    return Math.hypot(at.x - frame.x - frame.width / 2, at.y - frame.y - frame.height / 2)
  }
  /** Where a node stands on the map, read from the map itself: what is drawn first is the first node, and so on. */
  const onMap = (title: 'Start' | 'Far away') =>
    map.evaluate((svg, last) => {
      const boxes = [...svg.querySelectorAll('path')].flatMap((path) =>
        [...(path.getAttribute('d') ?? '').matchAll(/M(\S+) (\S+)h(\S+)v(\S+)h/g)].map(([, ...of]) => of.map(Number)),
      ) as [number, number, number, number][]
      const [x, y, width, height] = boxes.toSorted(([a], [b]) => a - b).at(last ? -1 : 0) as [number, number, number, number]
      const at = new DOMPoint(x + width / 2, y + height / 2).matrixTransform((svg as SVGSVGElement).getScreenCTM() as DOMMatrix)
      return { x: at.x, y: at.y }
    }, title === 'Far away')
  const far = await onMap('Far away')
  await page.mouse.move(far.x, far.y)
  await page.mouse.down()
  await expect.poll(() => fromMiddle('Far away')).toBeLessThan(40)
  await expect(canvas.card('Start')).not.toBeInViewport()
  const near = await onMap('Start')
  await page.mouse.move(near.x, near.y, { steps: 6 })
  await page.mouse.up()
  await expect.poll(() => fromMiddle('Start')).toBeLessThan(40)
  await expect(canvas.card('Far away')).not.toBeInViewport()
})

test('a sticky note takes Markdown and a size', async () => {
  const id = await open({ ...line(), nodes: [...line().nodes, note('remark00', 'old', [0, 2], { width: 208, height: 84 })] })
  await canvas.canvas.getByText('old', { exact: true }).dblclick()
  await page.getByLabel('Text of the note').fill('# Limits\n\n**5,000** agreed with *finance*')
  await page.keyboard.press('Escape')
  await expect(canvas.canvas.locator('.mr-sticky strong')).toHaveText('5,000')
  await canvas.canvas.locator('.mr-sticky[data-node-id]').click()
  const corner = await middleOf(page.locator('.react-flow__resize-control.bottom.right.handle'))
  await page.mouse.move(corner.x, corner.y)
  await page.mouse.down()
  await page.mouse.move(corner.x + 60, corner.y + 40, { steps: 6 })
  await page.mouse.up()
  await canvas.saved()
  const size = (await graphOf(id)).nodes.find((node) => node.type === 'note.sticky')?.size
  expect(size?.width).toBeGreaterThan(240)
  expect(size?.height).toBeGreaterThan(104)
})

test('an edge that leads far from its node carries the name of its case', async () => {
  await open(
    drawGraph(
      [
        step('begin_00', 'trigger.manual', 'Start', [0, 0]),
        step('decide00', 'flow.if', 'Large?', [1, 0], { conditions: [{ left: '{{ input.total }}', operator: 'greater', right: '100' }] }),
        step('far_0000', 'data.set', 'Far away', [4, 0], set()),
      ],
      ['begin_00 -> decide00', 'decide00.true -> far_0000'],
    ),
  )
  await expect(canvas.canvas.locator('.mr-edge-label')).toHaveText('true')
})

test('tidy gives the same picture for the same graph, and does not move what stands well already', async () => {
  const places = async (id: string) => (await graphOf(id)).nodes.map((node) => [node.id, node.position])
  const tidied = async (shuffle: (graph: Graph) => Graph) => {
    const id = await open(shuffle(line()))
    await canvas.canvas.locator('.react-flow').focus()
    await page.keyboard.press('Shift+T')
    await expect.poll(async () => new Set((await graphOf(id)).nodes.map((node) => node.position.y)).size).toBe(1)
    return { id, places: new Map((await places(id)) as [string, unknown][]) }
  }
  const scattered = (graph: Graph) => ({
    ...graph,
    nodes: graph.nodes.map((node, at) => ({ ...node, position: { x: at * 40, y: 300 - at * 120 } })),
  })
  const one = await tidied(scattered)
  const other = await tidied((graph) => ({ ...scattered(graph), nodes: scattered(graph).nodes.toReversed() }))
  expect(other.places).toEqual(one.places)
  await canvas.canvas.locator('.react-flow').focus()
  await page.keyboard.press('Shift+T')
  await choose('Prepare')
  await page.keyboard.press('d')
  await expect.poll(async () => (await graphOf(other.id)).nodes.some((node) => node.settings.disabled)).toBe(true)
  expect(new Map((await places(other.id)) as [string, unknown][])).toEqual(other.places)
})

test('a pinned output is used by the next test, which skips the call', async () => {
  await open(
    drawGraph(
      [
        step('begin_00', 'trigger.manual', 'Start', [0, 0]),
        step('score_00', 'http.request', 'Score', [1, 0], { url: `${sink.url}/score` }),
        step('finish00', 'data.set', 'Finish', [2, 0], { fields: [{ name: 'points', value: '{{ input.body.score }}' }] }),
      ],
      ['begin_00 -> score_00 -> finish00'],
    ),
  )
  const panel = await canvas.open('Score')
  await panel.getByTestId('node-output').getByRole('button', { name: 'Type an output by hand' }).click()
  await canvas.write(panel, 'Output', '{ "body": { "score": 7 } }')
  await panel.getByTestId('node-output').getByRole('button', { name: 'Pin' }).click()
  await expect(panel.getByText('Tests use this output and skip the call.')).toBeVisible()
  await canvas.close()
  await expect(canvas.card('Score').locator('[data-flag="pinned"]')).toBeVisible()
  const before = sink.requests.length
  await choose('Finish')
  await page.getByRole('toolbar', { name: 'Actions for Finish' }).getByRole('button', { name: 'Up to here' }).click()
  await expect(canvas.card('Finish')).toHaveAttribute('data-status', 'succeeded', { timeout: 20_000 })
  expect(sink.requests).toHaveLength(before)
  const finish = await canvas.open('Finish')
  await expect(finish.getByTestId('node-output')).toContainText('7')
  await canvas.close()
})

test('problems stand on the node and in a list, each in a sentence, with a button that fixes it; a draft with problems saves', async () => {
  const id = await open(
    drawGraph(
      [
        step('begin_00', 'trigger.manual', 'Start', [0, 0]),
        step('score_00', 'http.request', 'Score', [1, 0], { url: 'shop.example/score' }),
      ],
      ['begin_00 -> score_00'],
    ),
  )
  await expect(canvas.card('Score')).toHaveAttribute('data-problem', 'true')
  await canvas.saved()
  await page
    .getByRole('button', { name: /^Problems/ })
    .first()
    .click()
  const row = page.getByRole('listitem').filter({ hasText: 'Score' })
  await row.getByRole('button', { name: 'Put https:// before it' }).click()
  await expect(canvas.card('Score')).not.toHaveAttribute('data-problem')
  await expect(page.getByText('Nothing is wrong. The draft can be published.')).toBeVisible()
  await canvas.saved()
  expect((await graphOf(id)).nodes.find((node) => node.title === 'Score')?.params.url).toBe('https://shop.example/score')
})

test('publish asks for a note and shows what changed; on the canvas what was added, removed and changed is marked; any version comes back', async () => {
  const id = await open(line())
  await signed.api.workflows.publish.mutate({ workflowId: id, note: 'The first of all.' })
  const first = await graphOf(id)
  await show(id)
  await choose('Finish')
  await page.keyboard.press('Delete')
  await choose('Prepare')
  await page.keyboard.press('d')
  await canvas.canvas.locator('.react-flow__pane').dblclick({ position: { x: 500, y: 60 } })
  await expect(page.getByRole('dialog', { name: 'Add a node' })).toBeVisible()
  await page.keyboard.type('wait')
  await page.keyboard.press('Enter')
  await expect(canvas.card('Wait')).toBeVisible()
  await canvas.dragCard('Start', canvas.canvas.locator('.mr-bar').first())
  await canvas.saved()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: /^Publish / })
  await expect(dialog.getByLabel('What changed, in a sentence')).toBeVisible()
  for (const [title, change] of [
    ['Finish', 'removed'],
    ['Prepare', 'changed'],
    ['Wait', 'added'],
  ] as const)
    await expect(dialog.getByRole('listitem').filter({ hasText: title }).filter({ hasText: change }).first()).toBeVisible()
  await expect(dialog).toContainText('1 node was moved')
  await page.keyboard.press('Escape')
  const { live } = await signed.api.workflows.get.query({ workflowId: id })
  await page.goto(`${url}/o/${signed.slug}/workflows/${id}/versions?from=${live?.versionId}&to=draft`)
  for (const [title, change] of [
    ['Finish', 'removed'],
    ['Prepare', 'changed'],
    ['Wait', 'added'],
  ] as const) {
    await expect(canvas.card(title)).toHaveAttribute('data-change', change)
    await expect(page.getByRole('listitem').filter({ hasText: title }).filter({ hasText: change }).first()).toBeVisible()
  }
  // Added green, removed red, changed amber, each with its word; no two alike.
  const marks = { Finish: '--failed-mark', Prepare: '--waiting-mark', Wait: '--succeeded-mark' }
  const colours = await Promise.all(Object.values(marks).map(colourOf))
  expect(new Set([...colours, await colourOf('--border')]).size).toBe(4)
  for (const [at, title] of Object.keys(marks).entries())
    await expect(canvas.card(title)).toHaveCSS('border-top-color', colours[at] as string)
  await show(id)
  await page.getByRole('button', { name: 'Version history' }).click()
  const history = page.getByRole('dialog', { name: 'Version history' })
  await expect(history.getByText('The first of all.')).toBeVisible()
  await expect(history.getByText('Maya Lindgren')).toBeVisible()
  await history.getByRole('button', { name: 'Actions for version 1' }).click()
  await page.getByRole('menuitem', { name: 'Tag…' }).click()
  await page.getByRole('dialog', { name: 'Tag version 1' }).getByRole('textbox', { name: 'Tag' }).fill('staging')
  await page.getByRole('button', { name: 'Tag it' }).click()
  await history.getByRole('button', { name: 'Take the tag staging from version 1' }).click()
  await expect(history.getByText('staging')).toHaveCount(0)
  await history.getByRole('button', { name: 'Actions for version 1' }).click()
  await page.getByRole('menuitem', { name: 'Restore to draft' }).click()
  await page.getByRole('button', { name: 'Restore to draft' }).last().click()
  await expect(page.getByText('Version 1 is in the draft')).toBeVisible()
  expect(await graphOf(id)).toEqual(first)
})

test('a live version that others are ahead of is marked so: one version, and three', async () => {
  const id = await open(line())
  const { api } = signed
  const { versionId } = await api.workflows.publish.mutate({ workflowId: id, note: '' })
  const publishNext = async () => {
    await choose('Prepare')
    await page.keyboard.press('d')
    await canvas.saved()
    await api.workflows.publish.mutate({ workflowId: id, note: '' })
  }
  const ahead = async (words: string) => {
    await api.workflows.tag.mutate({ workflowId: id, versionId })
    await show(id)
    await expect(page.getByText('v1 live')).toBeVisible()
    await expect(page.getByText(words, { exact: true })).toBeVisible()
  }
  await publishNext()
  await ahead('1 version ahead of live')
  await publishNext()
  await publishNext()
  await ahead('3 versions ahead of live')
})

test('fields know their kind: a schedule in words with its next starts, a table of names and values, code, JSON that is checked', async () => {
  const id = await open(
    drawGraph(
      [
        step('begin_00', 'trigger.schedule', 'By the clock', [0, 0]),
        step('call_000', 'http.request', 'Call', [1, 0], {
          url: 'https://shop.example/',
          method: 'POST',
          bodyMode: 'json',
          bodyJson: { a: 1 },
        }),
        step('code_000', 'code.javascript', 'Code', [2, 0], { source: 'return 1' }),
        step('wait_000', 'flow.wait', 'Wait', [3, 0], { mode: 'until', until: '2027-01-01T08:00:00.000Z' }),
      ],
      ['begin_00 -> call_000 -> code_000 -> wait_000'],
    ),
  )
  const clock = await canvas.open('By the clock')
  const times = clock.getByRole('region', { name: 'Times' })
  await expect(times).toContainText('Nothing starts by the clock until there is one.')
  await times.getByRole('button', { name: 'New schedule' }).click()
  const schedule = page.getByRole('dialog', { name: 'New schedule' })
  await schedule.getByLabel('Rule (cron)').fill('30 7 * * 1-5')
  await expect(schedule.getByText(/07:30.*Monday through Friday/)).toBeVisible()
  await expect(schedule.getByRole('list', { name: 'The next five starts' }).getByRole('listitem')).toHaveCount(5)
  await schedule.getByRole('button', { name: 'Create schedule' }).click()
  await expect(schedule).toHaveCount(0)
  await expect(times.getByRole('button', { name: /07:30.*Monday through Friday/ })).toBeVisible()
  await expect(times.getByRole('list', { name: 'The next five starts' }).getByRole('listitem')).toHaveCount(5)
  expect((await signed.api.schedules.list.query({ workflowId: id })).items).toMatchObject([{ nodeId: 'begin_00', cron: '30 7 * * 1-5' }])
  await canvas.close()
  const call = await canvas.open('Call')
  await canvas.write(call, 'JSON', '{ "a": ')
  await expect(call.locator('[data-param="bodyJson"]')).toContainText('This is not JSON yet, so it is not saved.')
  await call.locator('[data-param="headers"]').getByRole('button', { name: /Add/ }).click()
  await expect(call.locator('[data-param="headers"]').getByRole('textbox')).toHaveCount(2)
  await canvas.close()
  const code = await canvas.open('Code')
  await expect(code.locator('.cm-editor')).toBeVisible()
  await canvas.close()
  const wait = await canvas.open('Wait')
  await expect(wait.getByRole('combobox', { name: 'Until, time zone' })).toBeVisible()
  await canvas.close()
})

test('a text holds several values as pills, and each shows what it gives', async () => {
  const id = await open(
    drawGraph(
      [
        step('begin_00', 'trigger.manual', 'Start', [0, 0]),
        step('prepare0', 'data.set', 'Prepare', [1, 0], { fields: [{ name: 'a', value: 'Order {{ input.n }} for {{ input.who }}' }] }),
      ],
      ['begin_00 -> prepare0'],
    ),
  )
  await signed.api.drafts.pin.mutate({ workflowId: id, nodeId: 'begin_00', output: { n: 7, who: 'Ada' } })
  await show(id)
  const panel = await canvas.open('Prepare')
  await expect(panel.locator('.pill')).toHaveText(['input.n', 'input.who'])
  await expect(panel.locator('[data-live-value]').first()).toHaveText('Order 7 for Ada')
  await canvas.close()
})

test('the canvas is walked by arrow keys and says what is chosen, with what is wrong with it', async () => {
  const graph = line()
  await open({
    ...graph,
    nodes: graph.nodes.map((node) => (node.title === 'Finish' ? { ...node, type: 'http.request', params: { url: '' } } : node)),
  })
  await choose('Start')
  const spoken = page.locator('[data-spoken]')
  await expect(spoken).toHaveText(/^Start, By hand/)
  await page.keyboard.press('ArrowRight')
  await expect(canvas.card('Prepare')).toHaveAttribute('data-selected', 'true')
  await expect(spoken).toHaveText('Prepare, Set fields')
  await page.keyboard.press('l')
  await expect(spoken).toHaveText('Prepare, Set fields, locked')
  await page.keyboard.press('ArrowRight')
  await expect(spoken).toHaveText(/^Finish, HTTP request, .+/)
})
