/**
 * An image's full name, so that spellings of one image compare equal: `alpine`, `alpine:latest` and `docker.io/library/alpine` are
 * `docker.io/library/alpine:latest`. A tag beside a digest is dropped: the digest decides (distribution/reference).
 */
export function imageName(ref: string): string {
  const at = ref.indexOf('@');
  const digest = at < 0 ? '' : ref.slice(at);
  const named = at < 0 ? ref : ref.slice(0, at);
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const name = withRegistry(tagged ? named.slice(0, colon) : named);
  return name + (digest || (tagged ? named.slice(colon) : ':latest'));
}

function withRegistry(name: string): string {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  const isHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const [host, path] = isHost ? [first, name.slice(slash + 1)] : ['docker.io', name];
  if (host !== 'docker.io' && host !== 'index.docker.io') return `${host}/${path}`;
  return `docker.io/${path.includes('/') ? path : `library/${path}`}`;
}

/** The name by which `--build-context` addresses an image: the short form, without `:latest`. */
export const contextName = (ref: string): string =>
  imageName(ref)
    .replace(/^docker\.io\/(library\/)?/, '')
    .replace(/:latest$/, '');
