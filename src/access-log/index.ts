export { AccessLog, type AccessLogCounts, type AccessLogOptions } from './access-log.ts';
export { formatRecord, type RecordFormat } from './format.ts';
