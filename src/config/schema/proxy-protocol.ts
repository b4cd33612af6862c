import { oneOf } from './scalars.ts';

/** Whether targets are told the client's address in a header of the PROXY protocol. */
export function proxyProtocol(inherited: string) {
  return oneOf(['none', 'v2'])
    .optional()
    .describe(
      `Header before the first byte of each TCP connection that tells the target the address of the client: \`v2\` of the PROXY protocol, or \`none\`; ${inherited} when left out.`,
    );
}
