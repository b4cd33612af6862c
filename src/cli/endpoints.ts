import { RANGES } from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';

const { min, max } = RANGES.weight;

/**
 * A target as a file has it, of `10.0.0.1:8080`, `[fd00::1]:80` or `name.example:80`; the daemon checks it.
 * @throws SluiceError `usage` when there is no port
 */
export function targetOf(text: string): { ip: string; port: number } | { host: string; port: number } {
  const [, bracketed, bare, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const name = bracketed ?? bare;
  if (name === undefined) {
    throw new SluiceError('usage', `${JSON.stringify(text)} is not a target`, {
      fix: 'write ADDRESS:PORT or NAME:PORT, e.g. 10.0.0.1:8080, [fd00::1]:8080, app.example:8080',
    });
  }
  const isAddress = bracketed !== undefined || /^[\d.]+$/.test(name);
  return isAddress ? { ip: name, port: Number(port) } : { host: name, port: Number(port) };
}

/** `TARGET=WEIGHT`. @throws SluiceError `usage` */
export function weightOf(text: string): readonly [target: string, weight: number] {
  const [, target, weight] = /^(.+)=(\d{1,3})$/.exec(text) ?? [];
  const number = Number(weight);
  if (target !== undefined && number >= min && number <= max) return [target, number];
  throw new SluiceError('usage', `${JSON.stringify(text)} is not a target and its weight`, {
    fix: `write TARGET=WEIGHT, e.g. 10.0.0.1:8080=30; a weight is a percentage from ${min} to ${max}`,
  });
}

/** A target as a file has it, of `TARGET` or `TARGET=WEIGHT`. @throws SluiceError `usage` */
export function weightedTargetOf(text: string): object {
  if (!text.includes('=')) return targetOf(text);
  const [target, weight] = weightOf(text);
  return { ...targetOf(target), weight };
}
