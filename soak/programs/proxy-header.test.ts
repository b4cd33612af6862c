import { describe, expect, it } from 'vitest';
import { servicesOf } from '../services.ts';
import { afterProxyHeader, checkHeader } from './proxy-header.ts';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const V4 = `${SIGNATURE}2111000cc0000207${'0a010001'}9c400050`;
const NAME = Buffer.from('soak.example').toString('hex');
const V6 = `${SIGNATURE}21210033fd000001000000000000000000000009fd0000010000000000000000000000019c401f9002000c${NAME}`;

/** What is told of a stream that comes in pieces of so many bytes, and what is left of it. */
function read(hex: string, pieces: number) {
  const told: string[] = [];
  const rest = afterProxyHeader((text) => told.push(text));
  const bytes = Buffer.from(hex, 'hex');
  const left: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces) left.push(rest(bytes.subarray(at, at + pieces)));
  return { told, left: Buffer.concat(left).toString('latin1') };
}

const body = Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex');

describe('the PROXY header before a stream', () => {
  it.each([1, 7, 16, 29, 1000])(
    'is read in pieces of %i bytes, and nothing of what follows is lost',
    (pieces) => {
      expect(read(V4 + body, pieces)).toEqual({
        told: ['192.0.2.7.40000>10.1.0.1.80'],
        left: 'GET / HTTP/1.1\r\n\r\n',
      });
    },
  );

  it('has the host name, if there is one', () => {
    const [service] = servicesOf('introduced').filter(({ family }) => family === 'v6');
    if (service === undefined) throw new Error('no such service');
    const [client, listener] = [
      { address: 'fd00:1::9', port: 40_000 },
      { address: 'fd00:1:0::1', port: 8080 },
    ];
    const header = 'fd00:1::9.40000>fd00:1::1.8080@soak.example';
    expect(read(V6 + body, 9)).toEqual({ told: [header], left: 'GET / HTTP/1.1\r\n\r\n' });
    expect(() => checkHeader(service, `target1/x/${header}`, client, listener)).not.toThrow();
    expect(() => checkHeader(service, `target1/x/${header}`, listener, client)).toThrow(header);
    expect(() => checkHeader(service, 'target1/x', client, listener)).toThrow('told undefined');
  });

  it('that is none is told, and left', () => {
    expect(read(body, 4)).toEqual({ told: ['no-header'], left: 'GET / HTTP/1.1\r\n\r\n' });
  });
});
