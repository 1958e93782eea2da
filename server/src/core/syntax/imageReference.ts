import { DockerfileParser, type From } from 'dockerfile-ast';
import { memoize } from './memo.ts';

/** The parts of an image's name as written: `registry/repository:tag@digest` (distribution/reference). */
export interface ImageReference {
  /** A host with or without a port; undefined for the Docker Hub and where a variable may hold one. */
  readonly registry: string | undefined;
  /** `node`, `library/node`, `grafana/k6`; variables stay as they are written. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…` without the `@`. */
  readonly digest: string | undefined;
}

/** A valid name has at most 255 characters, a tag 128, a digest about as many. */
const longest = 600;

/** Characters of references and of the variables in them; anything else would be more than one word of a FROM. */
const word = /^[\w$][\w./:@${}+-]*$/;

/** What dockerfile-ast makes of `FROM <ref>`. */
function fromLine(ref: string): From | undefined {
  const [from] = DockerfileParser.parse(`FROM ${ref}`).getFROMs();
  return from;
}

/** BuildKit knows a host by a dot, a port, an upper-case letter, or the name localhost; dockerfile-ast takes a dot anywhere in the path for one. */
const isHost = (text: string): boolean =>
  !text.includes('$') && (/[.:]/.test(text) || text === 'localhost' || text !== text.toLowerCase());

function withRegistry(path: string): Pick<ImageReference, 'registry' | 'repository'> {
  const slash = path.indexOf('/');
  const first = path.slice(0, Math.max(0, slash));
  return isHost(first)
    ? { registry: first, repository: path.slice(slash + 1) }
    : { registry: undefined, repository: path };
}

function read(ref: string): ImageReference {
  const plain = { registry: undefined, repository: ref, tag: undefined, digest: undefined };
  if (ref.length > longest || !word.test(ref)) return plain;
  const digest = fromLine(ref)?.getImageDigest() ?? undefined;
  // Beside a digest dockerfile-ast overlooks the tag of an image whose registry has a port.
  const from = fromLine(digest === undefined ? ref : ref.slice(0, ref.length - digest.length - 1));
  const name = from?.getImageName();
  if (!from || name === undefined || name === null) return plain;
  const registry = from.getRegistry();
  return {
    ...withRegistry(registry === null ? name : `${registry}/${name}`),
    tag: from.getImageTag() ?? undefined,
    digest,
  };
}

/** An image's name in parts. A text that cannot be a reference comes back whole as the repository. Never throws. */
export const imageReference: (ref: string) => ImageReference = memoize(20_000, read);
