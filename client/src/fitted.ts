/** What is left of a text that is cut says at least what it is about. */
const fewest = 16;

/**
 * A text and what comes behind it, in about so many characters: the folders of paths go first (`.github/workflows/ci.yml` → `…/ci.yml`), then the end of
 * the text.
 */
export function fitted(text: string, behind: string, most: number): string {
  const left = Math.max(most - behind.length, fewest);
  const short = text.length > left ? text.replace(/[^\s/]+\/(?:\S+\/)?(?=\S)/g, '…/') : text;
  return `${short.length > left ? `${short.slice(0, left - 1).trimEnd()}…` : short}${behind}`;
}
