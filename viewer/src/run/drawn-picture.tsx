/** A drawing of the run in the page, whose messages, operations and steps can be clicked or reached by keyboard. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { OpenRun } from '../source/open-run.ts';

export interface Picked {
  readonly step?: number;
  readonly message?: number;
  readonly operation?: number;
}

export interface DrawnPictureProps {
  readonly run: OpenRun;
  /** Path within the run's folder. */
  readonly file: string;
  readonly label: string;
  /** Whether to show only the part that the drawing marks as such, without its surroundings. */
  readonly isPart?: boolean;
  /** The highlighted step. */
  readonly step?: number | undefined;
  readonly onPick: (picked: Picked) => void;
}

export function DrawnPicture({ run, file, label, isPart = false, step, onPick }: DrawnPictureProps) {
  const host = useRef<HTMLDivElement>(null);
  const [isThere, setIsThere] = useState<boolean | undefined>(undefined);
  const [said, setSaid] = useState('');
  useEffect(() => {
    let isCurrent = true;
    run.picture(file).then(
      (svg) => {
        if (!isCurrent) return;
        setIsThere(svg !== undefined);
        if (svg === undefined) return;
        if (isPart) keepPart(svg);
        makeReachable(svg);
        host.current?.replaceChildren(svg);
      },
      () => isCurrent && setIsThere(false),
    );
    return () => (isCurrent = false);
  }, [run, file]);
  useEffect(() => {
    for (const group of host.current?.querySelectorAll('[data-step]:not(.words)') ?? [])
      group.classList.toggle(
        'current',
        step !== undefined && group.getAttribute('data-step') === String(step),
      );
  }, [step, isThere]);
  if (isThere === false) return null;
  const pick = (target: EventTarget | null): boolean => {
    const picked = pickedAt(target);
    if (picked === undefined) return false;
    onPick(picked);
    return true;
  };
  const say = (target: EventTarget | null): void => setSaid(sayingAt(target));
  return (
    <figure class="drawing" aria-label={label}>
      <div
        ref={host}
        onClick={(event) => pick(event.target)}
        onKeyDown={(event) => {
          if ((event.key === 'Enter' || event.key === ' ') && pick(event.target)) event.preventDefault();
        }}
        onMouseOver={(event) => say(event.target)}
        onFocusIn={(event) => say(event.target)}
      />
      {said === '' ? null : (
        <figcaption class="said" aria-live="polite">
          {said}
        </figcaption>
      )}
    </figure>
  );
}

const LEAST_SCALE = 0.7;

/** Crops the drawing to its marked part, as the page already has the rest. */
function keepPart(svg: SVGElement): void {
  const part = svg.querySelector('[data-part]')?.getAttribute('data-part') ?? '';
  const [x, y, width, height] = part.split(' ').map(Number);
  if (x === undefined || y === undefined || width === undefined || height === undefined) return;
  for (const beside of svg.querySelectorAll('.beside')) beside.remove();
  svg.setAttribute('viewBox', `${x} ${y} ${width} ${height}`);
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
  // Narrower, it would be unreadable, so the container scrolls instead.
  svg.style.minWidth = `${Math.round(LEAST_SCALE * width)}px`;
}

const PICKABLE = '[data-message],[data-operation],[data-step]';

function makeReachable(svg: SVGElement): void {
  for (const group of svg.querySelectorAll(PICKABLE)) {
    // The text of a line that is itself focusable.
    if (group.classList.contains('words')) {
      group.setAttribute('aria-hidden', 'true');
      continue;
    }
    group.setAttribute('tabindex', '0');
    group.setAttribute('role', 'button');
    const text = group.querySelector('title')?.textContent ?? group.textContent ?? '';
    group.setAttribute('aria-label', text.trim());
  }
  // It is no longer a single image but a group of controls.
  svg.setAttribute('role', 'group');
}

function pickedAt(target: EventTarget | null): Picked | undefined {
  const group = target instanceof Element ? target.closest(PICKABLE) : null;
  if (group === null) return undefined;
  const numbers = Object.fromEntries(
    (['step', 'message', 'operation'] as const).flatMap((name) => {
      const text = group.getAttribute(`data-${name}`);
      return text !== null && /^\d{1,15}$/.test(text) ? [[name, Number(text)]] : [];
    }),
  );
  return numbers;
}

const sayingAt = (target: EventTarget | null): string =>
  (target instanceof Element ? target.closest('[data-say]')?.getAttribute('data-say') : '') ?? '';
