/** The theme, light or dark: the system's unless the user has chosen one. */
import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const KEY = 'maelstrom-theme';

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
/** Browsers print no backgrounds, and the text of the dark theme would hardly show on paper. */
const paper = matchMedia('print');

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

/** From before the page is laid out for paper: canvases must have been drawn again by then. */
let isPrinting = false;

for (const query of [prefersDark, paper]) query.addEventListener('change', changed);
for (const name of ['beforeprint', 'afterprint'])
  addEventListener(name, () => {
    isPrinting = name === 'beforeprint';
    changed();
  });

function changed(): void {
  theme.value = `${applied(chosen.value)} `;
  theme.value = applied(chosen.value);
}

function applied(choice: Theme): string {
  const isDark =
    !isPrinting && !paper.matches && (choice === 'dark' || (choice === 'system' && prefersDark.matches));
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
