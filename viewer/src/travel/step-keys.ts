/**
 * Keys for stepping. Arrows, Home and End work only within the stepping panels, as the picture and the tabs use them too; comma
 * and period work anywhere on the page except in text fields.
 */
import type { StepSession } from './session.ts';

type Stepping = Pick<StepSession, 'step' | 'go' | 'toEnd'>;

/** Returns what a key does within the panels, or undefined if nothing. */
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

/** Returns what a key does anywhere on the page, or undefined if nothing. */
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

/** True for controls in which letters and arrows have their own meaning. */
function isTypedInto(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

/** Also true for scrollable regions, which use the arrow keys. */
function hasKeysOfItsOwn(target: EventTarget | null): boolean {
  return isTypedInto(target) || (target instanceof HTMLElement && target.getAttribute('role') === 'region');
}
