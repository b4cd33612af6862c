import { existsSync, readFileSync } from 'node:fs';

/** What the files of an access log hold. */
export interface AccessLogRecord {
  /** Lines that are records. */
  readonly records: number;
  /** Lines that are none. */
  readonly spoilt: readonly string[];
}

/** Reads the file of an access log and those before it. */
export function readAccessLog(path: string): AccessLogRecord {
  const files = [path, `${path}.1`, `${path}.2`].filter((file) => existsSync(file));
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(0, -1));
  const spoilt = lines.filter((line) => !isRecord(line));
  return { records: lines.length - spoilt.length, spoilt };
}

function isRecord(line: string): boolean {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null && 'proxy' in record && 'reason' in record;
  } catch {
    return false;
  }
}
