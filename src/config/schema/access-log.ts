import { RANGES } from '../limits.ts';
import { map } from './collections.ts';
import { flag, integer, oneOf, pathOrStdout } from './scalars.ts';

/** A record of every connection when it has ended. */
export const accessLogSchema = map(
  {
    enabled: flag().default(false).describe('Write a record of every connection when it has ended.'),
    path: pathOrStdout().default('stdout').describe('File of the records, an absolute path, or `stdout`.'),
    format: oneOf(['json', 'clf', 'tcplog'])
      .default('json')
      .describe('`json`, `clf` (common log format), or `tcplog` (as HAProxy writes it).'),
    maxSizeMb: integer(RANGES.accessLogSizeMb)
      .default(100)
      .describe('When the file is larger, megabytes, another one is begun; 0: never.'),
    maxFiles: integer(RANGES.accessLogFiles)
      .default(5)
      .describe('Files that are kept besides the one that is written, as `PATH.1`, `PATH.2`...'),
  },
  'a map of access log settings',
);
