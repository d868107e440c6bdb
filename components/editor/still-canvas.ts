const drawn = '.react-flow__node, .react-flow__edge, .mr-edge-label, .mr-far-edges'

/** What a still picture is made of at most; from afar, a strip of a large graph holds more than anybody would miss. */
const most = 200

/**
 * Lays a copy of what the canvas shows beside an opened panel over the canvas, each thing where it is. Nobody can reach the copies, and
 * nothing finds them by an id. Gives what takes them away again.
 */
export function layStill(place: HTMLElement): () => void {
  const viewport = place.querySelector<HTMLElement>('.react-flow__viewport')
  const panel = document.querySelector('[data-node-panel]')?.getBoundingClientRect()
  if (!viewport || !panel) return () => {}
  const shown = place.getBoundingClientRect()
  const beside = [...viewport.querySelectorAll(drawn)].filter((one) => {
    const box = one.getBoundingClientRect()
    return touches(box, shown) && !covers(panel, box)
  })
  const still = viewport.cloneNode(false) as HTMLElement
  still.classList.add('mr-still')
  still.inert = true
  still.ariaHidden = 'true'
  const layers = new Map<Element | null, Element>()
  for (const one of beside.slice(0, most)) {
    // Each edge is drawn in an svg of its own, which says what it lies over.
    const whole = one.closest('svg') ?? one
    const known = layers.get(whole.parentElement)
    const layer = known ?? nameless(whole.parentElement?.cloneNode(false) as Element)
    if (!known) {
      layers.set(whole.parentElement, layer)
      still.append(layer)
    }
    layer.append(nameless(whole.cloneNode(true) as Element))
  }
  viewport.after(still)
  return () => still.remove()
}

function nameless(copy: Element): Element {
  for (const one of [copy, ...copy.querySelectorAll('*')])
    for (const { name } of [...one.attributes])
      if (/^(id|tabindex|role|aria-.*|data-(id|testid|nodeid|node-id|handleid))$/.test(name)) one.removeAttribute(name)
  return copy
}

const touches = (one: DOMRect, other: DOMRect) =>
  one.right > other.left && one.left < other.right && one.bottom > other.top && one.top < other.bottom

const covers = (front: DOMRect, box: DOMRect) =>
  box.left >= front.left && box.right <= front.right && box.top >= front.top && box.bottom <= front.bottom
