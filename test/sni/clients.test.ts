import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Capture, decodeFrame, listensOnTcp, serviceWhen, startNginx } from '../../lab/index.ts';
import { configOf, useScene } from '../support/index.ts';
import { authorityFile, curlByName, TLS_PORT } from '../support/sni.ts';
import { type Authority, makeAuthority, makeCertificate, startTls } from '../support/tls.ts';
import { loadPage } from './chromium.ts';
import { NODE_RESUMES, PAGE, PYTHON_RESUMES, WEB_SOCKET_CLIENT, WEB_SOCKET_SERVER } from './programs.ts';

const OPENSSL_PORT = 8443;
const SOCKET_PORT = 9000;
/** Where `ws` is found. */
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const LOCATIONS = [
  'location = /session { default_type text/plain; return 200 "$ssl_session_reused $ssl_protocol\\n"; }',
  'location = /client { default_type text/plain; return 200 "$ssl_client_verify $ssl_client_s_dn\\n"; }',
  `location = /page { default_type text/html; return 200 "${PAGE}"; }`,
  `location = /socket { proxy_pass http://127.0.0.1:${SOCKET_PORT}; proxy_http_version 1.1;`,
  '  proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }',
];
/** What `/session` answers to two connections of each version. */
const RESUMED = ['. TLSv1.2', 'r TLSv1.2', '. TLSv1.3', 'r TLSv1.3'];

describe('by host name, through Sluice and verified end to end,', () => {
  let certificate: Authority;
  let clientCertificate: Authority;
  const scene = useScene({ targets: 3 }, async (scene) => {
    const { lab } = scene;
    const authority = await makeAuthority(lab.balancer, 'authority');
    certificate = await makeCertificate(lab.balancer, authority, ['a.example', 'b.example']);
    clientCertificate = await makeCertificate(lab.balancer, authority, ['client.example']);
    const tls = { ...certificate, clientAuthority: authority.certificate };
    const [one, two, three] = lab.targets;
    if (!one || !two || !three) throw new Error('the lab has too few targets');
    const sockets = one.spawn(node(WEB_SOCKET_SERVER, String(SOCKET_PORT)));
    await Promise.all([
      startNginx(one, { port: TLS_PORT, tls, locations: LOCATIONS }),
      startTls(two, OPENSSL_PORT, 'openssl.example', authority),
      startNginx(three, { port: TLS_PORT, tls }),
      serviceWhen((process) => listensOnTcp(process, SOCKET_PORT), 'ws', SOCKET_PORT, sockets),
    ]);
    await scene.start(
      configOf([
        {
          name: 'tls',
          listen: { interfaces: ['front0'], port: TLS_PORT, protocol: 'tcp', address: lab.balancer.v4 },
          defaultTarget: { ip: three.v4, port: TLS_PORT },
          sniRoutes: [
            { sniHostname: 'a.example', target: { ip: one.v4, port: TLS_PORT } },
            { sniHostname: 'openssl.example', target: { ip: two.v4, port: OPENSSL_PORT } },
          ],
        },
      ]),
    );
  });

  it.each([
    ['1.2', '2'],
    ['1.2', '1.1'],
    ['1.3', '2'],
  ])('curl speaks TLS %s and HTTP/%s', async (tls, http) => {
    const versions = [`--tlsv${tls}`, '--tls-max', tls, http === '2' ? '--http2' : '--http1.1'];
    const write = ['-w', '%{ssl_verify_result} %{http_version}'];
    const { stdout, stderr } = await curlByName(scene, 'v4', 'a.example', '/session', [
      ...versions,
      ...write,
    ]);
    expect(stdout, stderr).toBe(`. TLSv${tls}\n0 ${http}`);
  });

  it('curl shows its certificate', async () => {
    const own = ['--cert', clientCertificate.certificate, '--key', clientCertificate.key];
    expect((await curlByName(scene, 'v4', 'a.example', '/client', own)).stdout).toBe(
      'SUCCESS CN=client.example\n',
    );
    expect((await curlByName(scene, 'v4', 'a.example', '/client')).stdout).toBe('NONE \n');
  });

  it.each([
    ['nginx', 'a.example', /^([r.] TLSv[\d.]+)$/m, RESUMED],
    [
      'openssl s_server',
      'openssl.example',
      /^((?:New|Reused), TLSv[\d.]+)/m,
      ['New, TLSv1.2', 'Reused, TLSv1.2', 'New, TLSv1.3', 'Reused, TLSv1.3'],
    ],
  ] as const)('openssl s_client resumes sessions with %s', async (_, name, pattern, expected) => {
    const answers: (string | undefined)[] = [];
    for (const version of ['-tls1_2', '-tls1_3']) {
      const session = join(scene.lab.directory, `${name}${version}`);
      for (const which of ['-sess_out', '-sess_in']) {
        const answer = await openSsl(name, [version, which, session]);
        answers.push(pattern.exec(answer)?.[1]);
      }
    }
    expect(answers).toEqual(expected);
  });

  it.each([
    ['Node', node],
    ['Python', (script: string, ...args: readonly string[]) => ['python3', '-c', script, ...args]],
  ] as const)('%s resumes sessions', async (language, command) => {
    const script = language === 'Node' ? NODE_RESUMES : PYTHON_RESUMES;
    const { balancer } = scene.lab;
    const to = [balancer.v4, String(TLS_PORT), 'a.example', authorityFile(scene), '/session'];
    const told = await scene.lab.client().run(command(script, ...to));
    expect(told.trim().split('\n')).toEqual(RESUMED);
  });

  it('Node speaks through a WebSocket', async () => {
    const to = [scene.lab.balancer.v4, 'a.example', authorityFile(scene), '/socket'];
    expect(await scene.lab.client().run(node(WEB_SOCKET_CLIENT, ...to))).toBe('heard: node\n');
  });

  it('Chromium loads a page, its requests and its WebSocket, with a ClientHello of several segments', async () => {
    const { lab } = scene;
    const filter = `dst port ${TLS_PORT}`;
    await using capture = await Capture.start(lab.client(), { interface: 'eth0', filter });
    const page = await loadPage(lab.client(), {
      url: 'https://a.example/page',
      address: lab.balancer.v4,
      authorityFile: authorityFile(scene),
    });
    expect(page).toContain(`[fetched: target1 ${lab.client().v4} `);
    expect(page).toContain('[heard: browser]');
    const payloads = (await capture.frames()).map(({ bytes }) => {
      const segment = decodeFrame(bytes).ip?.transport;
      return segment?.kind === 'tcp' ? segment.payload : Buffer.alloc(0);
    });
    const helloLengths = payloads.flatMap((bytes) =>
      bytes[0] === 22 && bytes[5] === 1 ? [5 + (bytes[3] ?? 0) * 256 + (bytes[4] ?? 0)] : [],
    );
    expect(helloLengths.length).toBeGreaterThan(0);
    expect(Math.min(...helloLengths)).toBeGreaterThan(1500);
  });

  function node(script: string, ...args: readonly string[]): readonly string[] {
    const inProject = ['sh', '-c', 'cd "$0" && exec "$@"', PROJECT];
    return [...inProject, process.execPath, '--input-type=module', '-e', script, ...args];
  }

  /** What a server answers to a request for its page or its session. */
  function openSsl(name: string, more: readonly string[]): Promise<string> {
    const path = name === 'a.example' ? '/session' : '/';
    const to = ['-connect', `${scene.lab.balancer.v4}:${TLS_PORT}`, '-servername', name];
    const trust = ['-CAfile', authorityFile(scene), '-verify_return_error', '-verify_hostname', name];
    return scene.lab.client().run(['openssl', 's_client', '-quiet', ...to, ...trust, ...more], {
      input: `GET ${path} HTTP/1.0\r\nHost: ${name}\r\n\r\n`,
    });
  }
});
