const name = /^[A-Za-z_]\w*$/;

/** Whether it names a variable: not `1`, `@`, `?`. `_` alone is the shell's own. */
export const isName = (text: string): boolean => name.test(text) && !/^_+$/.test(text);

/** The variables of an arithmetic operand: `A`, `A[i]`; not the digits of `0x1F` or `16#ff`. */
export const namesIn = (operand: string): readonly string[] =>
  (operand.match(/(?<![\w#])[A-Za-z_]\w*/g) ?? []).filter(isName);
