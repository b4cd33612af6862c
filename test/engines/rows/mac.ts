/** The 6 bytes of `02:00:00:00:01:01`. */
export function encodeMac(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll(':', ''), 'hex');
  if (bytes.length !== 6) throw new RangeError(`'${text}' is not a MAC address`);
  return bytes;
}

/** The text of 6 bytes, in lower case with colons. */
export function decodeMac(bytes: Buffer): string {
  return bytes.toString('hex').replaceAll(/(..)(?!$)/g, '$1:');
}
