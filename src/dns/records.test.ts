import type { SrvRecord } from 'node:dns';
import { describe, expect, it } from 'vitest';
import {
  type AddressRecord,
  isServiceName,
  queryAddresses,
  queryService,
  type RecordSource,
} from './records.ts';

interface Zone {
  readonly v4?: Readonly<Record<string, readonly AddressRecord[]>>;
  readonly v6?: Readonly<Record<string, readonly AddressRecord[]>>;
  readonly srv?: Readonly<Record<string, readonly SrvRecord[]>>;
  /** Code of the failure of every question about a family. */
  readonly broken?: { readonly v4?: string; readonly v6?: string };
}

function failure(code: string): Error {
  return Object.assign(new Error(`query ${code}`), { code });
}

function source(zone: Zone): RecordSource {
  const answer = <T>(records: readonly T[] | undefined, broken?: string) =>
    records === undefined || broken !== undefined
      ? Promise.reject(failure(broken ?? 'ENODATA'))
      : Promise.resolve(records);
  return {
    resolve4: (name) => answer(zone.v4?.[name], zone.broken?.v4),
    resolve6: (name) => answer(zone.v6?.[name], zone.broken?.v6),
    resolveSrv: (name) => answer(zone.srv?.[name]),
  };
}

const at = (address: string, ttl = 60): AddressRecord => ({ address, ttl });
const srv = (name: string, priority: number, weight: number, port: number): SrvRecord => ({
  name,
  priority,
  weight,
  port,
});

describe('A and AAAA records', () => {
  it('are taken of both families, in one order, with the shortest life of all', async () => {
    const zone = { v4: { x: [at('10.0.0.2', 30), at('10.0.0.1', 20)] }, v6: { x: [at('fd00::1', 40)] } };
    const answer = await queryAddresses(source(zone), 'x');
    expect(answer.endpoints).toEqual([
      { address: '10.0.0.1', share: 0.5 },
      { address: '10.0.0.2', share: 0.5 },
      { address: 'fd00::1', share: 1 },
    ]);
    expect(answer.ttlSec).toBe(20);
  });

  it('are enough of one family when the other has none', async () => {
    const answer = await queryAddresses(source({ v6: { x: [at('fd00::1')] } }), 'x');
    expect(answer.endpoints).toEqual([{ address: 'fd00::1', share: 1 }]);
  });

  it('are not taken of one family when the server fails for the other', async () => {
    const zone = { v4: { x: [at('10.0.0.1')] }, broken: { v6: 'ESERVFAIL' } };
    await expect(queryAddresses(source(zone), 'x')).rejects.toThrow('ESERVFAIL');
  });

  it('that are not there are an error', async () => {
    await expect(queryAddresses(source({}), 'x')).rejects.toThrow('ENODATA');
  });
});

describe('SRV records', () => {
  const name = '_http._tcp.x';

  it('are told by their name', () => {
    expect(['_http._tcp.x.test', '_dns._udp.x', 'www.x.test', '_http.x.test'].map(isServiceName)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('share by weight, and among the addresses of each host', async () => {
    const zone = {
      srv: { [name]: [srv('a', 1, 30, 8080), srv('b', 1, 10, 8081)] },
      v4: { a: [at('10.0.0.1', 9), at('10.0.0.2', 9)], b: [at('10.0.0.3', 50)] },
    };
    expect(await queryService(source(zone), name)).toEqual({
      endpoints: [
        { address: '10.0.0.1', port: 8080, share: 0.375 },
        { address: '10.0.0.2', port: 8080, share: 0.375 },
        { address: '10.0.0.3', port: 8081, share: 0.25 },
      ],
      ttlSec: 9,
    });
  });

  it('of the lowest priority that has an address are used alone', async () => {
    const zone = {
      srv: { [name]: [srv('gone', 1, 1, 1), srv('b', 2, 1, 80), srv('c', 3, 1, 80)] },
      v4: { b: [at('10.0.0.2')], c: [at('10.0.0.3')] },
    };
    const { endpoints } = await queryService(source(zone), name);
    expect(endpoints).toEqual([{ address: '10.0.0.2', port: 80, share: 1 }]);
  });

  it('share equally when every weight is 0', async () => {
    const zone = {
      srv: { [name]: [srv('a', 1, 0, 80), srv('b', 1, 0, 80)] },
      v4: { a: [at('10.0.0.1')], b: [at('10.0.0.2')] },
    };
    const { endpoints } = await queryService(source(zone), name);
    expect(endpoints.map(({ share }) => share)).toEqual([0.5, 0.5]);
  });

  it('that lead to no address are an error', async () => {
    await expect(queryService(source({ srv: { [name]: [srv('a', 1, 1, 80)] } }), name)).rejects.toThrow(
      'ENODATA',
    );
    await expect(queryService(source({}), name)).rejects.toThrow('ENODATA');
  });
});
