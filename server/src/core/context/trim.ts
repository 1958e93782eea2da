const space = '[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const leading = new RegExp(`^${space}+`);
const trailing = new RegExp(`${space}+$`);

/** Go's `strings.TrimSpace`: unlike JavaScript's it leaves a byte order mark and takes U+0085. */
export const trimSpace = (text: string): string => text.replace(leading, '').replace(trailing, '');

export const trimStart = (text: string): string => text.replace(leading, '');
