import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, startNginx, startTcpEcho, startUdpEcho } from '../../lab/index.ts';
import {
  LISTENER_KEY_SIZE,
  SOURCE_ROUTE_KEY_SIZE,
  writeListenerKey,
  writeSourceRouteKey,
} from '../../src/datapath/generated/abi.ts';
import { u32Key } from '../../src/datapath/u32-key.ts';
import { BpfMap, deleteBatch, updateBatch } from '../../src/libbpf/index.ts';
import { ECHO_PORT, Held } from '../support/held.ts';
import { pinFolder } from '../support/pinned.ts';
import { configOf, proxy } from '../support/proxies.ts';
import { useScene } from '../support/scene.ts';
import { faultOfLog } from './support/errors.ts';
import { readView } from './support/view.ts';

/** Rows of nobody: an address of the documentation, a proxy that is not there. */
const NOBODY = Buffer.from('20010db8000000000000000000000000', 'hex');
const NOBODYS_PROXY = 16_000;

describe('a reload that meets a full table', () => {
  const scene = useScene({ clients: 1, targets: 2 }, ({ lab }) =>
    Promise.all(lab.targets.flatMap((host) => [startTcpEcho(host), startUdpEcho(host), startNginx(host)])),
  );
  const addresses = () => scene.lab.targets.map((target) => target.v4);
  const small = () => configOf([proxy({ name: 'echo', port: ECHO_PORT, targets: addresses().slice(0, 1) })]);
  /** More rows in every table. */
  const large = () => {
    const targets = addresses().map((ip) => ({ ip, port: ECHO_PORT }));
    const sourceRoutes = [{ source: '10.1.0.0/16', targets }];
    return configOf([
      proxy({ name: 'echo', port: ECHO_PORT, targets: addresses(), sourceRoutes }),
      proxy({ name: 'web', port: 80, targets: addresses() }),
    ]);
  };

  it.each<[string, (row: number) => Buffer]>([
    ['listeners', listenerKey],
    ['source_routes', sourceRouteKey],
    ['proxy_names', (row) => u32Key(1_000_000 + row)],
  ])('(%s) changes nothing, and all when there is room again', async (table, keyOf) => {
    const { lab } = scene;
    const balancer = await scene.start(small());
    await using held = await Held.open(lab.client(), lab.vip4, 1);
    const before = await readView(balancer.instance);
    using map = BpfMap.fromPin(join(pinFolder(balancer.instance), 'maps', table));
    const keys = fill(map, keyOf);

    const refusal = await held.during(() =>
      balancer.reload(large()).then(
        () => 'not refused',
        (error: Error) => error.message,
      ),
    );
    expect(refusal).toMatch(/"code":"capacity".*\bis full\b|"code":"capacity".*updating map/);
    expect(faultOfLog(refusal)).toBe(null);
    deleteBatch(map, keys);
    expect(await readView(balancer.instance)).toEqual(before);

    await held.during(() => balancer.reload(large()));
    const { errors } = await fetchMany(lab.client(), httpUrl(lab.vip4), { count: 10 });
    expect(errors).toEqual({});
  });
});

/** Fills a hash or trie with rows until nothing goes in any more; returns their keys. */
function fill(map: BpfMap, keyOf: (row: number) => Buffer): Buffer {
  const free = map.info.maxEntries - [...map.keys()].length;
  const keys = Buffer.concat(Array.from({ length: free }, (_, row) => keyOf(row)));
  updateBatch(map, keys, Buffer.alloc(free * map.valueBytes));
  return keys;
}

function listenerKey(row: number): Buffer {
  const key = Buffer.alloc(LISTENER_KEY_SIZE);
  writeListenerKey({ address: { bytes: nobody(row) }, port: 1, protocol: 6 }, key);
  return key;
}

function sourceRouteKey(row: number): Buffer {
  const key = Buffer.alloc(SOURCE_ROUTE_KEY_SIZE);
  writeSourceRouteKey({ prefixLen: 32 + 128, proxy: NOBODYS_PROXY, address: { bytes: nobody(row) } }, key);
  return key;
}

function nobody(row: number): Buffer {
  const bytes = Buffer.from(NOBODY);
  bytes.writeUInt32BE(row, 12);
  return bytes;
}
