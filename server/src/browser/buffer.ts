/** All that dockerfile-ast wants of Node's Buffer: the bytes of one character, to tell a byte order mark. */
export const Buffer = { from: (text: string): Uint8Array => new TextEncoder().encode(text) };
