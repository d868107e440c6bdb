import { expect, it } from 'vitest'
import { inOwnWords } from './elsewhere'

it.each([
  ['={{ $json.name }}', '{{ input.name }}'],
  ['=Order {{ $json.id }}', 'Order {{ input.id }}'],
  ['Dear {{ $json["name"] }}, $json stays', 'Dear {{ input["name"] }}, $json stays'],
  ['{{ $node["Fetch orders"].json.body.id }}', '{{ steps.fetch_orders.body.id }}'],
  ["{{ $('Fetch orders').first().json.body }}", '{{ steps.fetch_orders.body }}'],
  ["{{ $('Fetch orders').all()[0].json.body }}", '{{ steps.fetch_orders.body }}'],
  ['{{ $items("Fetch orders")[0].json.id }}', '{{ steps.fetch_orders.id }}'],
  ['{{ $input.item.json.a + $input.first().json.b }}', '{{ input.a + input.b }}'],
  ['{{ $now.plus(1, "day") > $today }}', '{{ now.plus(1, "day") > today }}'],
  ['{{ $workflow.name + $execution.id }}', '{{ run.workflow.name + run.id }}'],
  ["{{ '$json' + input.$json }}", "{{ '$json' + input.$json }}"],
  ['={{ input.total }}', '={{ input.total }}'],
  ['=1 + 1', '=1 + 1'],
])('%s is %s here', (text, own) => {
  expect(inOwnWords(text)).toBe(own)
})
