/**
 * Tags that open, change or close a block of a template (Mustache, Jinja, ERB, Go's on lines of their own). `{{ a value }}` is none: `docker inspect -f` and
 * `go list -f` take those as well.
 */
const blockTag =
  /\{\{[#^/][A-Za-z]|\{%[-+]?\s*(?:if|elif|else|endif|for|endfor|set|block|endblock|include|macro|raw|extends|import)\b|<%[-=#]?\s|^[ \t]*\{\{-?\s*(?:if|else|end|range|with|template|include|define|block)\b/m;

/** Whether a Dockerfile is made from this text: what an instruction says, and whether it is there at all, is known only then. */
export const isTemplate = (text: string): boolean => blockTag.test(text);
