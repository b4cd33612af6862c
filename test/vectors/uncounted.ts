/**
 * Reasons that no packet alone can be counted for: a helper of the kernel must fail. `dropped_table_full`: flow tables are LRU
 * hashes, in which an insertion evicts an older entry, but under contention. `dropped_rewrite_failed`: the rewrite stores within
 * bounds that the parser has checked, and fails only when the kernel has no memory left.
 * test/engines/native/helper-faults.test.ts counts each of them.
 */
export const NEEDS_A_FAULT: readonly string[] = ['dropped_table_full', 'dropped_rewrite_failed'];
