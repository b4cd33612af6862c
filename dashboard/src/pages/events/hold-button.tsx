import { count } from '../../format/numbers.ts';

/** Lets what is shown stand still, or go on. */
export function HoldButton(props: {
  readonly isHeld: boolean;
  /** What came meanwhile. */
  readonly missed: number;
  readonly onToggle: () => void;
}) {
  const { isHeld, missed, onToggle } = props;
  return (
    <button type="button" aria-pressed={isHeld} onClick={onToggle}>
      {isHeld ? `Go on${missed > 0 ? ` (${count(missed)} new)` : ''}` : 'Hold'}
    </button>
  );
}
