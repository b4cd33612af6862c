export { added, assertNoLeaks } from './assert.ts';
export { PIN_DIRECTORY } from './bpf-objects.ts';
export { type KernelSnapshot, snapshotKernel, snapshotOwn } from './snapshot.ts';
