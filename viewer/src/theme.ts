/** The theme, light or dark: the system's unless the user has chosen one. */
import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const KEY = 'maelstrom-theme';

export const theme = signal<string>(applied(stored()));
export const chosen = signal<Theme>(stored());

export function nextTheme(): void {
  const next = THEMES[(THEMES.indexOf(chosen.value) + 1) % THEMES.length] ?? 'system';
  chosen.value = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage may be blocked; the choice then lasts until the page is closed.
  }
  theme.value = applied(next);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  theme.value = `${applied(chosen.value)} `;
  theme.value = applied(chosen.value);
});

function applied(choice: Theme): string {
  const isDark =
    choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  const name = isDark ? 'dark' : 'light';
  document.documentElement.dataset['theme'] = name;
  return name;
}

function stored(): Theme {
  try {
    const found = localStorage.getItem(KEY);
    return THEMES.find((each) => each === found) ?? 'system';
  } catch {
    return 'system';
  }
}
