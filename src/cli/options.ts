import { InvalidArgumentError, Option } from 'commander';
import { AdminClient, type AdminClientOptions, defaultAdminSocket } from '../admin/index.ts';

/** Output for people or for programs. */
export type OutputFormat = 'table' | 'json';

/** Options of every command that talks to a daemon. */
export interface DaemonOptions {
  readonly instance: string;
  readonly adminSocket?: string;
  /** Where the daemon is on TCP, instead of its socket. */
  readonly adminUrl?: string;
  /** Set from `--token-file` or SLUICE_TOKEN before the command runs. */
  readonly token?: string;
  /** Set from `--admin-ca` before the command runs. */
  readonly ca?: string;
}

/** Options of every command that reads something. */
export interface ReadOptions extends DaemonOptions {
  readonly output: OutputFormat;
}

/** `-o, --output`. */
export function outputOption(): Option {
  return new Option('-o, --output <format>', 'output for people or for programs')
    .choices(['table', 'json'])
    .default('table');
}

/** `--instance`. */
export function instanceOption(): Option {
  return new Option('--instance <name>', 'name of the balancer, for several on one host')
    .default('default')
    .argParser(parseInstance);
}

/** `--admin-socket`. */
export function adminSocketOption(): Option {
  return new Option(
    '--admin-socket <path>',
    'unix socket of the daemon (default: /run/sluice/admin.sock, or /run/sluice/NAME/admin.sock for another instance)',
  );
}

/** `--admin-url` and what belongs to it, of every command that asks a daemon. */
export function adminUrlOptions(): readonly Option[] {
  return [
    new Option('--admin-url <url>', 'where the daemon is on TCP, instead of its socket: https://HOST:PORT')
      .argParser(parseUrl)
      .conflicts('adminSocket'),
    new Option(
      '--token-file <path>',
      'file with the token for --admin-url (default: the variable SLUICE_TOKEN)',
    ),
    new Option('--admin-ca <path>', 'PEM file of the authorities to trust for --admin-url'),
  ];
}

function parseUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It is a URL: https://HOST:PORT, or http://HOST:PORT.');
}

/** The socket that the options name. */
export function socketPathOf(options: DaemonOptions): string {
  return options.adminSocket ?? defaultAdminSocket(options.instance);
}

/** How to reach the daemon that the options name. */
export function daemonAddressOf(options: DaemonOptions): AdminClientOptions {
  const { adminUrl: url, token, ca } = options;
  return url === undefined ? { socketPath: socketPathOf(options) } : { url, token, ca };
}

/** A client of the daemon that the options name. */
export function clientOf(options: DaemonOptions): AdminClient {
  return new AdminClient(daemonAddressOf(options));
}

/** The name becomes a directory below bpffs, so it is kept plain. */
function parseInstance(text: string): string {
  if (/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,31}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'It has 1 to 32 letters, digits, - and _, and starts with a letter or digit.',
  );
}

/** A whole number within bounds, for option values. */
export function integerParser(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`);
  };
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
