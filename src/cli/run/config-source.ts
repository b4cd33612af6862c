import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Config, type LoadedConfig, loadConfigFile, simpleConfig } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';

/** Files that are looked for, in this order, when the command line names neither a file nor a proxy. */
export const DEFAULT_CONFIG_FILES = ['sluice.yaml', 'sluice.yml', 'sluice.json', 'config.edn'] as const;
/** Where the one proxy of the command line listens and sends to unless told otherwise. */
export const DEFAULT_PORT = 80;
/** See {@link DEFAULT_PORT}. */
export const DEFAULT_TARGET = '127.0.0.1:8080';

/** The flags that say what to balance. */
export interface SourceFlags {
  readonly config?: string;
  readonly interface?: readonly string[];
  readonly port?: number;
  readonly target?: string;
  readonly stats?: boolean;
}

/** Where the configuration comes from: a file that can be read again, or flags. */
export type ConfigSource =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** The file was not named but found. */
      readonly found: boolean;
      readonly stats: boolean;
    }
  | {
      readonly kind: 'flags';
      readonly interfaces: readonly string[];
      readonly port: number;
      readonly target: string;
      readonly stats: boolean;
    };

/**
 * Decides where the configuration comes from.
 * @throws SluiceError `usage` when a file and a proxy are both named, when a proxy has no interface,
 *   or when nothing is named and no default file is in `cwd`.
 */
export async function chooseSource(flags: SourceFlags, cwd: string): Promise<ConfigSource> {
  const stats = flags.stats === true;
  const hasProxy = flags.interface !== undefined || flags.port !== undefined || flags.target !== undefined;
  if (flags.config !== undefined) {
    if (!hasProxy) return { kind: 'file', path: resolve(cwd, flags.config), found: false, stats };
    throw new SluiceError('usage', 'a configuration file and -i, -p or -t exclude each other', {
      fix: 'put the proxy into the file, or leave -c out',
    });
  }
  if (hasProxy) return flagSource(flags, stats);
  return { kind: 'file', path: await findConfigFile(cwd), found: true, stats };
}

function flagSource(flags: SourceFlags, stats: boolean): ConfigSource {
  const { interface: interfaces = [], port = DEFAULT_PORT, target = DEFAULT_TARGET } = flags;
  if (interfaces.length === 0) {
    throw new SluiceError('usage', 'no interface to listen on', {
      fix: `name one, e.g.: sluice run -i eth0 -p ${port} -t ${target}`,
    });
  }
  return { kind: 'flags', interfaces, port, target, stats };
}

async function findConfigFile(cwd: string): Promise<string> {
  for (const name of DEFAULT_CONFIG_FILES) {
    const path = join(cwd, name);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  throw new SluiceError('usage', 'nothing to balance: no -c, no -i, and no configuration file here', {
    fix: 'name a file or a proxy: sluice run -c FILE, or sluice run -i eth0 -p 80 -t 10.0.0.1:8080',
    details: [{ where: cwd, message: `looked for ${DEFAULT_CONFIG_FILES.join(', ')}` }],
  });
}

/**
 * Reads the configuration from its source.
 * @throws SluiceError `config_invalid` with every error of the file, `file_unreadable`, `usage` for bad flags.
 */
export async function loadSource(source: ConfigSource): Promise<LoadedConfig> {
  if (source.kind === 'flags') {
    const { interfaces, port, target, stats } = source;
    const config = simpleConfig({ interfaces, port, target, statsEnabled: stats });
    return { config, file: null, warnings: [], interfaces: [] };
  }
  const loaded = await loadConfigFile(source.path);
  return source.stats ? { ...loaded, config: withStats(loaded.config) } : loaded;
}

function withStats(config: Config): Config {
  return { ...config, settings: { ...config.settings, statsEnabled: true } };
}
