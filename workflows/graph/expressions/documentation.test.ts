import { expect, test } from 'vitest'
import { functionTable, previewTemplate } from './index'
import { scopeOf } from './test-scope'

test.each(functionTable.map((doc) => [`${doc.of} ${doc.signature}`, doc] as const))(
  'the example of %s gives what its page says',
  (_, doc) => {
    expect(previewTemplate(`{{ ${doc.example.expression} }}`, scopeOf())).toEqual({ ok: true, value: doc.example.result })
  },
)

test('every function has words and a name of its own', () => {
  const names = functionTable.map((doc) => `${doc.of} ${doc.name}`)
  expect(new Set(names).size).toBe(names.length)
  for (const doc of functionTable) expect(doc.summary, doc.name).toMatch(/^.{5,}[.]$/)
})

test('what most workflows use is there', () => {
  const names = new Set(functionTable.map((doc) => (doc.of === 'global' ? doc.name : `.${doc.name}`)))
  const used = [
    '.map .filter .find .some .every .reduce .sort .flat .flatMap .join .slice .includes .indexOf .concat .reverse .length .first .last .at .unique .sum',
    '.split .replace .replaceAll .match .matchAll .trim .padStart .padEnd .toLowerCase .toUpperCase .startsWith .endsWith .substring .substr .charAt',
    '.repeat .toString .lastIndexOf .findIndex .localeCompare .test .exec .toFixed .toLocaleString .isEmpty .isNotEmpty .hash .base64Encode .base64Decode',
    '.toTitleCase .removeTags .extractEmail .extractDomain .extractUrl .isEmail .isUrl .urlEncode .pluck .compact .chunk .groupBy .union .difference',
    'Object.keys Object.values Object.entries Object.fromEntries Array.isArray Array.from JSON.stringify JSON.parse Number String Boolean parseInt parseFloat',
    'Math.round Math.floor Math.ceil Math.min Math.max Math.abs Math.pow Math.sqrt isNaN encodeURIComponent decodeURIComponent encodeURI url hash $if $ifEmpty',
    'now today date duration Date.now .plus .minus .startOf .endOf .diff .diffNow .format .toFormat .toISO .toISOString .toISODate .setZone .toMillis .getTime',
    '.year .month .day .hour .weekday .isBetween .toSeconds .hasSame .set .getFullYear .toRelative .weekdayLong .monthLong .isBefore .isAfter',
  ].flatMap((line) => line.split(' '))
  expect(used.length).toBeGreaterThan(100)
  expect(used.filter((name) => !names.has(name))).toEqual([])
})
