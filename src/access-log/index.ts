export { AccessLog, type AccessLogCounts, type AccessLogOptions } from './access-log.ts';
export { type RecordFormat, recordWriter } from './format.ts';
