const escaped = (name: string): string => name.replace(/[^A-Za-z0-9_]/g, '\\$&');

/** Whether a text names the variable as `$NAME` or `${NAME…}`. */
export const mentions = (text: string, name: string): boolean =>
  text.includes(name) &&
  new RegExp(`\\$(${escaped(name)}(?![A-Za-z0-9_])|\\{[!#]?${escaped(name)}(?![A-Za-z0-9_]))`).test(text);
