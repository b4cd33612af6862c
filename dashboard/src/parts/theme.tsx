import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { Icon } from './icons.tsx';

const KEY = 'sluice-theme';
const CHOICES = ['auto', 'light', 'dark'] as const;
type Choice = (typeof CHOICES)[number];

/** What the page looks like. */
export interface Theme {
  /** What was asked for; `auto` follows the system. */
  readonly choice: Signal<Choice>;
  readonly shown: ReadonlySignal<'light' | 'dark'>;
}

/** The theme that was chosen before, put on the page and kept. */
export function openTheme(window: Window): Theme {
  const kept = window.localStorage.getItem(KEY);
  const choice = signal<Choice>(CHOICES.find((each) => each === kept) ?? 'auto');
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  const isDark = signal(query.matches);
  query.addEventListener('change', () => {
    isDark.value = query.matches;
  });
  const shown = computed(() => (choice.value === 'auto' ? (isDark.value ? 'dark' : 'light') : choice.value));
  effect(() => {
    window.document.documentElement.dataset.theme = shown.value;
    window.localStorage.setItem(KEY, choice.value);
  });
  return { choice, shown };
}

/** Hands the theme to who draws in its colours. */
export const ThemeContext = createContext<Theme | null>(null);

/** The theme of the page. @throws Error outside of {@link ThemeContext} */
export function useTheme(): Theme {
  const theme = useContext(ThemeContext);
  if (theme === null) throw new Error('there is no theme here');
  return theme;
}

/** Goes from one choice to the next. */
export function ThemeButton() {
  const { choice } = useTheme();
  const next = CHOICES[(CHOICES.indexOf(choice.value) + 1) % CHOICES.length] ?? 'auto';
  const icon = { auto: 'auto', light: 'sun', dark: 'moon' } as const;
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        choice.value = next;
      }}
    >
      <Icon name={icon[choice.value]} />
      <span class="word">
        <span class="hidden">Theme: </span>
        {choice.value}
      </span>
    </button>
  );
}
