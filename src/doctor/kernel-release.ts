/** Major and minor of `6.1.0-17-amd64`; null when the text is no release. */
export function parseRelease(release: string): readonly [major: number, minor: number] | null {
  const match = /^(\d+)\.(\d+)/.exec(release);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

/** Whether a kernel release is at least a version. */
export function isAtLeast(release: string, wanted: readonly [major: number, minor: number]): boolean {
  const found = parseRelease(release);
  if (found === null) return false;
  return found[0] > wanted[0] || (found[0] === wanted[0] && found[1] >= wanted[1]);
}
