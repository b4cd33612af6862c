import { createSocket } from 'node:dgram';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SluiceError } from '../../errors/index.ts';
import { checkHttp, checkHttps, checkTcp, checkUdp } from './direct.ts';
import { LOCAL_HEADER } from './local-header.ts';

const ip = '127.0.0.1';
const CLOSED = { ip, port: 1 };
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function listen(server: Server): Promise<{ ip: string; port: number }> {
  await new Promise<void>((resolve) => server.listen(0, ip, resolve));
  open.push(() => server.close());
  return { ip, port: (server.address() as AddressInfo).port };
}

/** A TCP server that does something with every connection. */
const tcp = (serve: (socket: Socket) => void = () => {}) =>
  listen(
    createServer((socket) => {
      open.push(() => socket.destroy());
      socket.on('error', () => {});
      serve(socket);
    }),
  );

/** An HTTP server that takes only connections that begin with a header; tells what each began with. */
async function httpBehindHeader(): Promise<{ where: { ip: string; port: number }; began: string[] }> {
  const began: string[] = [];
  const server = createHttpServer((_request, response) => response.end());
  const where = await tcp((socket) => {
    socket.once('readable', () => {
      const header: unknown = socket.read(LOCAL_HEADER.length);
      began.push(Buffer.isBuffer(header) ? header.toString('hex') : 'nothing');
      if (began.at(-1) === LOCAL_HEADER.toString('hex')) server.emit('connection', socket);
      else socket.destroy();
    });
  });
  return { where, began };
}

const http = (serve: RequestListener) => listen(createHttpServer(serve));
const status = (code: number, headers = {}) =>
  http((_request, response) => response.writeHead(code, headers).end());

/** Writes again and again until the peer has enough. */
function pour(socket: Socket, text: string, everyMs: number): void {
  const timer = setInterval(() => socket.write(text), everyMs);
  socket.on('close', () => clearInterval(timer));
}

async function udp(answer: string | null): Promise<{ ip: string; port: number }> {
  const socket = createSocket('udp4');
  socket.on('message', (_message, peer) => {
    if (answer !== null) socket.send(answer, peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, ip, resolve));
  open.push(() => socket.close());
  return { ip, port: socket.address().port };
}

describe('a TCP check', () => {
  it('succeeds when the connection is made, and tells how long it took', async () => {
    const outcome = await checkTcp(await tcp());
    expect(outcome).toMatchObject({ success: true, message: 'connected' });
    expect(outcome.latencyMs).toBeGreaterThan(0);
  });

  it('is over before the program of the target hears of it', async () => {
    const seen: (number | undefined)[] = [];
    const where = await tcp((socket) => seen.push(socket.remotePort));
    await checkTcp(where);
    const client = connect(where.port, ip);
    open.push(() => client.destroy());
    await new Promise<void>((resolve) => client.once('connect', resolve));
    await expect.poll(() => seen).toEqual([client.localPort]);
  });

  it('fails where nobody listens', async () => {
    expect(await checkTcp(CLOSED)).toMatchObject({ success: false, reason: 'connection_refused' });
  });

  it('over IPv6 does the same', async () => {
    expect(await checkTcp({ ip: '::1', port: 1 })).toMatchObject({ reason: 'connection_refused' });
  });

  it('can be ended', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(checkTcp({ ...CLOSED, signal })).rejects.toThrow('enough');
    const stop = new AbortController();
    const running = checkHttp({ ...(await tcp()), signal: stop.signal });
    stop.abort(new Error('later'));
    await expect(running).rejects.toThrow('later');
  });

  it('refuses a name', async () => {
    await expect(checkTcp({ ip: 'localhost', port: 80 })).rejects.toThrow(SluiceError);
  });
});

describe('a check of a target with the PROXY protocol', () => {
  it('sends a header that says that the connection is our own', async () => {
    // Signature, version 2 and LOCAL, no family, nothing more (proxy-protocol.txt, 2.2).
    expect(LOCAL_HEADER.toString('hex')).toBe(`0d0a0d0a000d0a515549540a${'20'}${'00'}${'0000'}`);
    const { where, began } = await httpBehindHeader();
    expect(await checkHttp({ ...where, proxyProtocol: true })).toMatchObject({ success: true });
    expect(began).toEqual([LOCAL_HEADER.toString('hex')]);
    expect(await checkHttp(where)).toMatchObject({ success: false });
  });

  it('of TCP sends it too', async () => {
    const got: Buffer[] = [];
    const where = await tcp((socket) => socket.on('data', (bytes) => got.push(bytes)));
    expect(await checkTcp({ ...where, proxyProtocol: true })).toMatchObject({ success: true });
    await expect.poll(() => Buffer.concat(got)).toEqual(LOCAL_HEADER);
  });

  it.each([checkHttp, checkTcp])('fails where nobody listens (%o)', async (check) => {
    const outcome = await check({ ...CLOSED, proxyProtocol: true });
    expect(outcome).toMatchObject({ success: false, reason: 'connection_refused' });
  });
});

describe('an HTTP check', () => {
  it('asks for the path, by name when it has one', async () => {
    const asked: (string | undefined)[] = [];
    const where = await http(({ method, url, headers }, response) => {
      asked.push(`${method} ${url} ${headers.host} ${headers.connection}`);
      response.end();
    });
    await checkHttp(where);
    await checkHttp({ ...where, path: '/up?full', serverName: 'api.example' });
    expect(asked).toEqual([`GET /health 127.0.0.1:${where.port} close`, 'GET /up?full api.example close']);
  });

  it.each([
    { code: 200, success: true },
    { code: 204, success: true },
    { code: 301, success: false },
    { code: 404, success: false },
    { code: 503, success: false },
  ])('of a target that answers $code: success $success', async ({ code, success }) => {
    const outcome = await checkHttp(await status(code, { location: '/elsewhere' }));
    expect(outcome).toMatchObject(
      success
        ? { success, message: `HTTP ${code}` }
        : { success, reason: 'unexpected_status', message: `HTTP ${code}, expected 200, 201, 202, 204` },
    );
  });

  it('takes the codes that it is given', async () => {
    expect(await checkHttp({ ...(await status(404)), expectedCodes: [404] })).toMatchObject({
      success: true,
    });
    expect(await checkHttp({ ...(await status(200)), expectedCodes: [404] })).toMatchObject({
      success: false,
    });
  });

  it('does not read the body, however long', async () => {
    let written = 0;
    const where = await http((_request, response) => {
      const more = () => {
        written += 65_536;
        if (!response.destroyed) response.write(Buffer.alloc(65_536), more);
      };
      more();
    });
    expect(await checkHttp(where)).toMatchObject({ success: true });
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  it.each([
    { what: 'says nothing', serve: () => {}, reason: 'timeout' },
    {
      what: 'drips its header byte by byte',
      serve: (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\nX-Slow: ');
        pour(socket, 'z', 20);
      },
      reason: 'timeout',
    },
    {
      what: 'continues for ever',
      serve: (socket: Socket) => pour(socket, 'HTTP/1.1 100 Continue\r\n\r\n', 20),
      reason: 'timeout',
    },
    {
      what: 'has endless headers',
      serve: (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        pour(socket, `X-More: ${'y'.repeat(1000)}\r\n`, 1);
      },
      reason: 'bad_response',
    },
    {
      what: 'speaks something else',
      serve: (socket: Socket) => void socket.write('220 mail\r\n'),
      reason: 'bad_response',
    },
    {
      what: 'hangs up',
      serve: (socket: Socket) => void socket.once('data', () => socket.end()),
      reason: 'connection_reset',
    },
    {
      what: 'resets',
      serve: (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy()),
      reason: 'connection_reset',
    },
    {
      what: 'switches protocols unasked',
      serve: (socket: Socket) =>
        void socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n'),
      reason: expect.stringMatching(/connection_reset|timeout|error|bad_response/),
    },
  ])('of a target that $what fails in time: $reason', async ({ serve, reason }) => {
    // Only who is to run out of time gets little of it.
    const timeoutMs = reason === 'bad_response' || reason === 'connection_reset' ? 10_000 : 300;
    const outcome = await checkHttp({ ...(await tcp(serve)), timeoutMs });
    expect(outcome).toMatchObject({ success: false, reason });
  });
});

describe('an HTTPS check', () => {
  it('of a target without TLS fails', async () => {
    const outcome = await checkHttps({ ...(await status(200)), timeoutMs: 1000 });
    expect(outcome).toMatchObject({ success: false, reason: 'tls' });
  });

  it('refuses authorities that are none', async () => {
    await expect(checkHttps({ ...CLOSED, ca: 'not PEM' })).rejects.toThrow(/certificates in PEM/);
  });
});

describe('a UDP check', () => {
  it.each([
    { expect: undefined, found: { success: true } },
    { expect: 'pong', found: { success: true } },
    { expect: 'hex:6f6e', found: { success: true } },
    { expect: 'ping', found: { success: false, reason: 'unexpected_answer' } },
  ])(
    'of a target that answers "pong" when $expect is expected: $found',
    async ({ expect: wanted, found }) => {
      const where = await udp('pong');
      expect(await checkUdp({ ...where, send: 'ping', ...(wanted && { expect: wanted }) })).toMatchObject(
        found,
      );
    },
  );

  it('fails when the target is silent, or there is none', async () => {
    expect(await checkUdp({ ...(await udp(null)), timeoutMs: 100 })).toMatchObject({ reason: 'timeout' });
    expect(await checkUdp({ ...CLOSED, send: 'x' })).toMatchObject({ reason: 'connection_refused' });
  });
});
