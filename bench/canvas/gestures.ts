import type { Page } from '@playwright/test'

export interface Frames {
  meanMs: number
  p95Ms: number
  longTasks: number
  longestMs: number
}

export const gestures = ['pan', 'zoom', 'drag'] as const
export type Gesture = (typeof gestures)[number]

/** Brings the canvas to a zoom, around its middle. */
export async function zoomTo(page: Page, zoom: number) {
  await page.evaluate(async (target) => {
    const canvas = document.querySelector('[data-testid="canvas"]') as HTMLElement
    const pane = canvas.querySelector('.react-flow__pane') as HTMLElement
    const box = canvas.getBoundingClientRect()
    const viewport = canvas.querySelector('.react-flow__viewport') as HTMLElement
    for (let round = 0; round < 8; round++) {
      const now = new DOMMatrix(getComputedStyle(viewport).transform).a
      if (Math.abs(now / target - 1) < 0.01) break
      pane.dispatchEvent(
        new WheelEvent('wheel', {
          deltaY: -Math.log2(target / now) / 0.002,
          ctrlKey: true,
          clientX: box.left + box.width / 2,
          clientY: box.top + box.height / 2,
          bubbles: true,
          cancelable: true,
          view: window,
        }),
      )
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }, zoom)
}

/** One input event a frame, for `count` frames: how long each frame took and which tasks were long. */
export async function gesture(page: Page, kind: Gesture, count: number): Promise<Frames> {
  const seen = await page.evaluate(
    async ({ kind, count }) => {
      const canvas = document.querySelector('[data-testid="canvas"]') as HTMLElement
      const pane = canvas.querySelector('.react-flow__pane') as HTMLElement
      const box = canvas.getBoundingClientRect()
      const middle = { x: box.left + box.width / 2, y: box.top + box.height / 2 }
      const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
      const wheel = (more: WheelEventInit) =>
        pane.dispatchEvent(
          new WheelEvent('wheel', { clientX: middle.x, clientY: middle.y, bubbles: true, cancelable: true, view: window, ...more }),
        )
      const mouse = (type: string, target: EventTarget, at: { x: number; y: number }) =>
        target.dispatchEvent(
          new MouseEvent(type, { clientX: at.x, clientY: at.y, button: 0, buttons: 1, bubbles: true, cancelable: true, view: window }),
        )
      const centre = (element: Element) => {
        const rect = element.getBoundingClientRect()
        return { x: rect.left + rect.width / 2, y: rect.top + rect.height / 2 }
      }
      const far = (element: Element) => {
        const at = centre(element)
        return Math.hypot(at.x - middle.x, at.y - middle.y)
      }
      const node = [...canvas.querySelectorAll('.react-flow__node')].sort((a, b) => far(a) - far(b))[0]
      if (!node) throw new Error('no node is in view')
      const from = centre(node)
      window.seen.longTasks.length = 0
      if (kind === 'drag') mouse('mousedown', node, from)
      const times: number[] = []
      await frame()
      let last = await frame()
      for (let index = 0; index < count; index++) {
        const turn = index < count / 2 ? 1 : -1
        if (kind === 'pan') wheel({ deltaX: 12 * turn, deltaY: 5 * turn })
        else if (kind === 'zoom') wheel({ deltaY: (index % 30 < 15 ? -1 : 1) * 12, ctrlKey: true })
        else {
          const way = Math.min(index, count - index)
          mouse('mousemove', window, { x: from.x + way * 3, y: from.y + way * 2 })
        }
        const now = await frame()
        times.push(now - last)
        last = now
      }
      if (kind === 'drag') mouse('mouseup', window, from)
      await new Promise((resolve) => setTimeout(resolve, 300))
      return { times, longTasks: [...window.seen.longTasks] }
    },
    { kind, count },
  )
  return framesOf(seen)
}

/** Of the milliseconds that each frame took, and of tasks over 50 ms. */
export function framesOf({ times, longTasks }: { times: number[]; longTasks: number[] }): Frames {
  const sorted = times.toSorted((a, b) => a - b)
  return {
    meanMs: times.reduce((sum, one) => sum + one, 0) / times.length,
    p95Ms: sorted[Math.floor(times.length * 0.95)] ?? 0,
    longTasks: longTasks.length,
    longestMs: Math.max(0, ...longTasks),
  }
}
