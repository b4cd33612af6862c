const HEXADECIMAL = /^hex:(?:[\da-f]{2})*$/i;

/** The bytes that a setting means: a text in UTF-8, or `hex:` and two digits a byte; null when those are not right. */
export function payloadBytes(text: string): Buffer | null {
  if (!text.startsWith('hex:')) return Buffer.from(text, 'utf8');
  return HEXADECIMAL.test(text) ? Buffer.from(text.slice('hex:'.length), 'hex') : null;
}
