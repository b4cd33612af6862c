import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { SluiceError } from '../errors/index.ts';
import type { CliIo } from './io.ts';

interface SecretOptions {
  readonly adminUrl?: string;
  readonly tokenFile?: string;
  readonly adminCa?: string;
}

/**
 * Reads what `--admin-url` needs, before the command runs. The token comes from a file or the environment, never from the
 * command line, which every user of the host can see.
 * @throws SluiceError `usage` when there is no token, `file_unreadable`
 */
export async function readAdminSecrets(command: Command, io: CliIo): Promise<void> {
  const { adminUrl, tokenFile, adminCa } = command.opts<SecretOptions>();
  if (adminUrl === undefined) {
    const stray = tokenFile === undefined ? adminCa && '--admin-ca' : '--token-file';
    if (stray) throw new SluiceError('usage', `${stray} is for --admin-url`);
    return;
  }
  const token = tokenFile === undefined ? io.env.SLUICE_TOKEN : await readText(tokenFile, io.cwd);
  if (token === undefined || token === '') {
    throw new SluiceError('usage', 'there is no token for --admin-url', {
      fix: 'set the variable SLUICE_TOKEN, or name a file: --token-file FILE',
    });
  }
  command.setOptionValue('token', token);
  if (adminCa !== undefined) command.setOptionValue('ca', await readText(adminCa, io.cwd));
}

async function readText(path: string, cwd: string): Promise<string> {
  try {
    return (await readFile(resolve(cwd, path), 'utf8')).trim();
  } catch (cause) {
    throw new SluiceError('file_unreadable', `${path} cannot be read`, { cause });
  }
}
