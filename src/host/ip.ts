import { z } from 'zod';
import { SluiceError } from '../errors/index.ts';
import type { HostIo } from './io.ts';

/**
 * Runs `ip -j ARGS` and checks the shape of what it prints.
 * @throws SluiceError `kernel` when `ip` fails or prints something else than expected.
 */
export async function ipJson<T>(io: HostIo, args: readonly string[], row: z.ZodType<T>): Promise<T[]> {
  const result = await io.run('ip', ['-j', ...args]);
  const line = `ip -j ${args.join(' ')}`;
  if (result.exitCode !== 0) {
    throw ipFailure(line, result.stderr);
  }
  return parseIpRows(line, result.stdout, row);
}

/** The error of an `ip` that failed, in its own words. */
export function ipFailure(line: string, stderr: string): SluiceError {
  return new SluiceError('kernel', `"${line}" failed: ${stderr.trim() || 'no answer'}`, {
    fix: 'run it by hand; if it fails there too, mend what it complains of (apt-get install iproute2)',
  });
}

/** Turns the JSON array that `ip -j` printed into checked rows; nothing printed means no rows. */
export function parseIpRows<T>(line: string, text: string, row: z.ZodType<T>): T[] {
  if (text.trim() === '') return [];
  try {
    return z.array(row).parse(JSON.parse(text));
  } catch (cause) {
    throw new SluiceError('kernel', `"${line}" printed something unexpected`, {
      fix: 'install iproute2 6.1 or later',
      cause,
    });
  }
}
