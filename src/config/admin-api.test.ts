import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatConfig } from './document/text.ts';
import { parseConfig } from './load.ts';
import { expectProblems } from './testing/marked.ts';

const SECRET = '9f86d081884c7d659a2feaa0c55ad015';
const HASH = createHash('sha256').update(SECRET).digest('hex');
const PROXY =
  'proxies: [{ name: a, listen: { interfaces: eth0, port: 80 }, defaultTarget: { ip: 10.0.0.1, port: 80 } }]';

const withApi = (api: string) => `${PROXY}\nsettings: { adminApi: ${api} }\n`;
const load = (api: string) => parseConfig(withApi(api), { format: 'yaml', file: null });

describe('settings.adminApi', () => {
  it('keeps the hash of a secret, and never the secret', () => {
    const loaded = load(`{ enabled: true, token: ${SECRET}, readOnlyToken: x-${SECRET} }`);
    expect(loaded.config.settings.adminApi).toMatchObject({ enabled: true, tokenSha256: HASH });
    expect(JSON.stringify(loaded)).not.toContain(SECRET);
    expect(loaded.warnings).toEqual([]);
  });

  it('takes the hash, a file, or the word of the original', () => {
    const api = (text: string) => load(text).config.settings.adminApi;
    expect(api(`{ tokenSha256: ${HASH.toUpperCase()} }`).tokenSha256).toBe(HASH);
    expect(api(`{ apiKey: ${SECRET} }`).tokenSha256).toBe(HASH);
    expect(api('{ tokenFile: /etc/sluice/token }').tokenFile).toBe('/etc/sluice/token');
    expect(api('{ port: 8081, apiKey: null, allowedOrigins: null }')).toEqual(api('{}'));
  });

  it('is written out with the hash, and read again as the same', () => {
    const { config } = load(
      `{ enabled: true, token: ${SECRET}, readOnlyTokenFile: /t, tls: { certFile: /c, keyFile: /k } }`,
    );
    const text = formatConfig(config, 'yaml');
    expect(text).not.toContain(SECRET);
    expect(parseConfig(text, { format: 'yaml', file: null }).config).toEqual(config);
  });

  it('wants a secret that is hard to guess, and does not repeat one that is not', () => {
    expectProblems(withApi('{ enabled: true, token: »hunter2 }'), 'yaml', [
      'settings.adminApi.token: found a text, expected a secret; this one is easy to guess; take at least 22 random characters, e.g. of: openssl rand -hex 32',
    ]);
    expectProblems(
      withApi(`{ enabled: true, readOnlyToken: »${'a'.repeat(64)} , token: ${SECRET} }`),
      'yaml',
      [expect.stringContaining('easy to guess')],
    );
    expectProblems(withApi(`{ token: »"${SECRET} x" }`), 'yaml', [expect.stringMatching(/^(?!.*9f86)/)]);
    expectProblems(withApi(`»${SECRET}`), 'yaml', [expect.stringMatching(/^(?!.*9f86)/)]);
  });

  it('does not go without a token, nor with two', () => {
    expectProblems(withApi('»{ enabled: true, port: 8081 }'), 'yaml', [
      'settings.adminApi: has no `token`; expected `token`, `tokenFile` or `tokenSha256`, as others can reach TCP ports',
    ]);
    expectProblems(withApi(`{ token: ${SECRET}, tokenFile: »/a }`), 'yaml', [
      'settings.adminApi.tokenFile: there is a `token` already; expected one of them',
    ]);
  });

  it.each(['0.0.0.0', '192.0.2.1', '"::"', '2001:db8::1'])(
    'listens on %s only with TLS or an explicit word',
    (address) => {
      const api = (more: string) => `{ enabled: true, token: ${SECRET}, ${more} }`;
      expectProblems(withApi(api(`address: »${address}`)), 'yaml', [
        expect.stringMatching(/can be reached by others; expected `tls`, or `insecure: true`/),
      ]);
      expect(load(api(`address: ${address}, insecure: true`)).config.settings.adminApi.insecure).toBe(true);
      expect(load(api(`address: ${address}, tls: { certFile: /c, keyFile: /k }`)).warnings).toEqual([]);
    },
  );

  it.each(['127.0.0.1', '127.9.9.9', '"::1"'])('listens on %s without TLS', (address) => {
    expect(load(`{ enabled: true, token: ${SECRET}, address: ${address} }`).warnings).toEqual([]);
  });

  it.each(['https://a.example/', 'a.example', 'https://a.example/x', 'null'])(
    'takes %s for no origin',
    (origin) => {
      expect(() => load(`{ allowedOrigins: ["${origin}"] }`)).toThrow(/one problem/);
    },
  );
});
