export { added, assertNoLeaks } from './assert.ts';
export { type KernelSnapshot, snapshotKernel } from './snapshot.ts';
