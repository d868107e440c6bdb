import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { NodeError } from '@/workflows/nodes/errors'
import { isPrivateAddress } from './private-address'

export interface Address {
  address: string
  family: number
}
export type Lookup = (hostname: string) => Promise<Address[]>

export const lookupAll: Lookup = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true, verbatim: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  })

/**
 * A `lookup` for sockets: the socket connects to what was checked here, so a name that answers differently the second time gains
 * nothing. One private address among several refuses all.
 */
export function createCheckedLookup(lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname).then(
      (addresses) => {
        const [first] = addresses
        if (!first) {
          callback(Object.assign(new Error(`No address for ${hostname}`), { code: 'ENOTFOUND' }), '', 0)
          return
        }
        if (addresses.some(({ address }) => isPrivateAddress(address))) {
          callback(privateHost(hostname), '', 0)
          return
        }
        if (options.all) callback(null, addresses)
        else callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    )
  }
}

export function privateHost(host: string): NodeError {
  return new NodeError({
    class: 'unauthorized',
    code: 'net.private_address',
    message: `${host} is an address inside a private network, which workflows may not call.`,
    hint: 'Use a public address, or ask the operator of this instance to allow the host with MILLRACE_ALLOWED_HOSTS.',
  })
}
