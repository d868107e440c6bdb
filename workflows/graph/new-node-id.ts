const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'

/** Ten characters from a random source such as `crypto.getRandomValues`; for nodes and edges alike. */
export function newNodeId(
  fillRandom: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (bytes) => globalThis.crypto.getRandomValues(bytes),
): string {
  let id = ''
  while (id.length < 10) {
    for (const byte of fillRandom(new Uint8Array(16))) {
      // 252 is the largest multiple of 36 in a byte: above it some characters would be likelier.
      if (byte < 252 && id.length < 10) id += alphabet[byte % 36]
    }
  }
  return id
}
