export { startHaproxy } from './haproxy.ts';
export { hasIpvs, startIpvs } from './ipvs.ts';
export { startNftDnat } from './nft-dnat.ts';
export { startNginxStream } from './nginx-stream.ts';
export type { Rival, RivalSpec, RivalTarget } from './rival.ts';
