/**
 * The way to a value inside a JSON document, as a URI fragment (RFC 6901, section 6): `#/proxies/0/listen/port`; `#` is the
 * whole document.
 */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.reduce<string>((pointer, step) => `${pointer}/${escapeStep(String(step))}`, '#');
}

function escapeStep(step: string): string {
  // Half a surrogate pair cannot be encoded; on the way through UTF-8 it becomes U+FFFD.
  const text = Buffer.from(step).toString();
  return encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
}
