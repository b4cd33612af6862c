export * from './circuit-report.ts';
export * from './config-report.ts';
export * from './drain-report.ts';
export * from './health-report.ts';
export * from './log-report.ts';
export * from './rate-limit-report.ts';
export * from './report.ts';
export * from './trace-report.ts';
export { packageVersion } from './version.ts';
