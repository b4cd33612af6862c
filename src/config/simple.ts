import { SluiceError } from '../errors/index.ts';
import { parseEndpoint } from './endpoint.ts';
import type { Config } from './model.ts';
import { readSettings } from './parts/settings.ts';
import { parseProxy } from './unknown-input.ts';

/** The configuration that command line flags can give. */
export interface SimpleOptions {
  /** At least one. */
  readonly interfaces: readonly string[];
  /** Port to listen on; 80 when left out. */
  readonly port?: number | undefined;
  /** `10.0.0.1:8080`; `127.0.0.1:8080` when left out. */
  readonly target?: string | undefined;
  /** False when left out. */
  readonly statsEnabled?: boolean | undefined;
}

/** The name of the only proxy of {@link simpleConfig}. */
const PROXY_NAME = 'default';

/**
 * A configuration with one proxy, named `default`, that sends everything to one target.
 * @throws SluiceError `usage` when a value is not valid.
 */
export function simpleConfig(options: SimpleOptions): Config {
  const { interfaces, port = 80, target = '127.0.0.1:8080', statsEnabled = false } = options;
  const { ip, port: targetPort } = parseEndpoint(target);
  const settings = readSettings({ statsEnabled });
  const input = { name: PROXY_NAME, listen: { interfaces, port }, defaultTarget: { ip, port: targetPort } };
  try {
    return { proxies: [parseProxy(input, settings).value], settings };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new SluiceError('usage', 'the flags do not make a configuration', {
      details: error.details,
      cause: error,
    });
  }
}
