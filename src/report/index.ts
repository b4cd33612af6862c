export * from './report.ts';
export { packageVersion } from './version.ts';
