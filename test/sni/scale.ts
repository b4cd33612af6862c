/** Whether the proofs run at full length: `npm run test:sni`. In `npm test` a short cut of each runs. */
export function isLong(env: NodeJS.ProcessEnv = process.env): boolean {
  return env.SNI === 'long';
}
