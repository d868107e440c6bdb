export { checkJson, type JsonMismatch } from './check-json'
export { schemaProblems } from './schema-problems'
