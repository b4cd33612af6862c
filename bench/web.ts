import { httpUrl, type WrkResult, wrk } from '../lab/index.ts';
import { type Contender, WEB_PORT } from './contenders/contender.ts';

/** A kind of load on the web service. */
export interface WebLoad {
  readonly connections: number;
  /** Whether connections are used again: measures requests; or not: measures connections. */
  readonly keepAlive: boolean;
  readonly seconds: number;
}

/** Failed requests that are still chance, of all. */
const TOLERATED_FAILURES = 0.01;

/** Loads a contender with wrk. @throws Error when more than 1 % of the requests fail: the figures would mean nothing */
export async function measureWeb(contender: Contender, load: WebLoad): Promise<WrkResult> {
  const result = await wrk(contender.lab.client(), httpUrl(contender.address, WEB_PORT), load);
  if (result.requests === 0 || result.errors > result.requests * TOLERATED_FAILURES) {
    throw new Error(`${contender.name}: ${result.errors} errors beside ${result.requests} requests`);
  }
  return result;
}
