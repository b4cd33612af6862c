import { createHash } from 'node:crypto';

/** 128 bits in base64. Fewer characters can be tried out, whatever they are. */
const MIN_LENGTH = 22;
const MAX_LENGTH = 1024;
/** Random secrets of that length have more; words that are repeated do not. */
const MIN_DIFFERENT = 10;
/** What a bearer token may be made of (RFC 6750). */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** What is wrong with a secret; never says the secret itself. */
export function refuseSecret(secret: string): string | undefined {
  if (!TOKEN.test(secret)) return 'made of letters, digits and - . _ ~ + / =';
  if (secret.length > MAX_LENGTH) return `at most ${MAX_LENGTH} characters`;
  if (secret.length >= MIN_LENGTH && new Set(secret).size >= MIN_DIFFERENT) return undefined;
  return `this one is easy to guess; take at least ${MIN_LENGTH} random characters, e.g. of: openssl rand -hex 32`;
}

/** SHA-256 (hex) of a secret. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
