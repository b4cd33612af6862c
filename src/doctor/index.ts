export { missingCapabilities, readCapabilities, requirePrivileges } from './capabilities.ts';
export type {
  Check,
  Facts,
  InterfaceSettings,
  Subject,
  SubjectInterface,
  SubjectTarget,
} from './facts.ts';
export type { Finding, FindingLevel } from './finding.ts';
export { type GatherIo, gatherFacts } from './gather.ts';
export { preflight } from './preflight.ts';
export { effectiveAttach, subjectOf, subjectOfHost } from './subject.ts';
