import type { Logger } from 'pino';
import type { Config } from '../../config/index.ts';
import { gatherFacts, preflight, subjectOf } from '../../doctor/index.ts';
import { SluiceError } from '../../errors/index.ts';
import type { CliIo } from '../io.ts';

/** Checks without which nothing can start; the others only warn. */
const VITAL: readonly string[] = ['kernel', 'libbpf', 'bpffs'];

/**
 * Lets the doctor look at the host before the kernel is touched. What will not work is refused, what may not work is
 * logged with its fix.
 * @throws SluiceError `unsupported` for an old kernel, a missing libbpf or bpffs
 */
export async function checkHost(config: Config, io: CliIo, logger: Logger): Promise<void> {
  const subject = subjectOf(config);
  const findings = preflight(subject, await gatherFacts(subject, io));
  for (const { check, level, message, fix } of findings) {
    if (level === 'fail' && VITAL.includes(check)) throw new SluiceError('unsupported', message, { fix });
    if (level === 'fail' || level === 'warn') logger.warn({ check, fix }, message);
  }
}
