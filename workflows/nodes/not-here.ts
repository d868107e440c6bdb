/** What pages get in the place of `#run/…`, the work of nodes: they show nodes and never run them. */
function notHere(): never {
  throw new Error('Steps run in the worker, not in a page.')
}

export {
  notHere as aggregateItems,
  notHere as compareLists,
  notHere as fillTemplate,
  notHere as joinLists,
  notHere as makeCsv,
  notHere as makeJson,
  notHere as mergeInputs,
  notHere as mergeJson,
  notHere as readCsv,
  notHere as readJsonText,
  notHere as renameFields,
  notHere as sortItems,
  notHere as splitItems,
  notHere as workWithDate,
}
