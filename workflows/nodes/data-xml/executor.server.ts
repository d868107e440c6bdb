import { defineExecutor } from '../define'
import { documentText, requireDocumentSize } from '../document-text'
import { putInto } from '../into-field'
import { dataXml } from './definition'
import { makeXml } from './make-xml'
import { readXml } from './read-xml.server'

export const runDataXml = defineExecutor(dataXml, async ({ params, input }) => {
  const data = params.data === undefined ? input : params.data
  if (params.mode === 'read') {
    return { port: 'main', output: putInto(input, params.into, readXml(documentText(data, 'XML', '/params/data'), params)) }
  }
  requireDocumentSize(data, 'XML', '/params/data')
  return { port: 'main', output: putInto(input, params.into, makeXml(data, params)) }
})
