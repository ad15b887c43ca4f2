/** The bar at the top of each page. */
import type { ComponentChildren } from 'preact';
import { chosen, nextTheme } from './theme.ts';

export function Bar({ children }: { readonly children: ComponentChildren }) {
  return (
    <header class="bar">
      {children}
      <span class="grow" />
      <button type="button" onClick={nextTheme} aria-label={`Colours: ${chosen.value}. Change.`}>
        Colours: {chosen.value}
      </button>
    </header>
  );
}
