import { useStore } from '../data/store.ts';

const WORDS = { connecting: 'Connecting', live: 'Live', lost: 'Reconnecting', locked: 'Locked' } as const;

/** Whether what is shown is what is. */
export function LinkState() {
  const { kind } = useStore().link.value;
  return (
    <p class={`link ${kind}`}>
      <span class="dot" aria-hidden="true" />
      {WORDS[kind]}
    </p>
  );
}

/** Says that nothing answers, and that what is shown is old. */
export function LostBanner() {
  const { link, snapshot } = useStore();
  if (link.value.kind !== 'lost') return null;
  const { since, why } = link.value;
  return (
    <div class="banner" role="status">
      <b>No answer since {since.toLocaleTimeString('en-GB')}:</b> {why}. Trying again
      {snapshot.value === null ? '…' : '; what you see is from before…'}
      <p>
        Packets do not need the daemon: the kernel goes on balancing. On the host, <code>sluice status</code>{' '}
        tells more.
      </p>
    </div>
  );
}
