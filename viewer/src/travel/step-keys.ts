/**
 * Keys that step. Arrows, Home and End do so within the panels of stepping only, since the picture and the tabs have them too;
 * comma and point do so anywhere on the page where nothing is typed.
 */
import type { StepSession } from './session.ts';

type Stepping = Pick<StepSession, 'step' | 'go' | 'toEnd'>;

/** What a key does within the panels; undefined for keys that mean nothing there. */
export function panelKey(event: KeyboardEvent, session: Stepping): (() => void) | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || hasKeysOfItsOwn(event.target)) return undefined;
  switch (event.key) {
    case 'ArrowLeft':
      return () => session.step(-1, ...(event.shiftKey ? [''] : []));
    case 'ArrowRight':
      return () => session.step(1, ...(event.shiftKey ? [''] : []));
    case 'Home':
      return () => session.go({ kind: 'event', event: 0 });
    case 'End':
      return () => session.toEnd();
    default:
      return undefined;
  }
}

/** What a key does anywhere on the page. */
export function pageKey(event: KeyboardEvent, session: Stepping): (() => void) | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || isTypedInto(event.target)) return undefined;
  switch (event.key) {
    case ',':
      return () => session.step(-1);
    case '.':
      return () => session.step(1);
    default:
      return undefined;
  }
}

/** In these, letters and arrows mean something else. */
function isTypedInto(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

/** What scrolls has arrows of its own as well. */
function hasKeysOfItsOwn(target: EventTarget | null): boolean {
  return isTypedInto(target) || (target instanceof HTMLElement && target.getAttribute('role') === 'region');
}
