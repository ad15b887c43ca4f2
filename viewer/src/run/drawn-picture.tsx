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
          const isPicked = (event.key === 'Enter' || event.key === ' ') && pick(event.target);
          if (isPicked || moveFocus(host.current, event.key)) event.preventDefault();
        }}
        onMouseOver={(event) => say(event.target)}
        onFocusIn={(event) => {
          keepInTabOrder(host.current, event.target);
          say(event.target);
        }}
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

/** Only one part of a drawing is in the tab order: dozens of arrows would stand between the page's controls. */
function makeReachable(svg: SVGElement): void {
  let isFirst = true;
  for (const group of svg.querySelectorAll(PICKABLE)) {
    // The text of a line that is itself focusable.
    if (group.classList.contains('words')) {
      group.setAttribute('aria-hidden', 'true');
      continue;
    }
    group.setAttribute('tabindex', isFirst ? '0' : '-1');
    isFirst = false;
    group.setAttribute('role', 'button');
    const title = group.querySelector('title')?.textContent ?? '';
    // People say what they see to a program that clicks for them.
    const seen = [...group.querySelectorAll('text')].map(({ textContent }) => textContent).join(' ');
    group.setAttribute('aria-label', [title, seen].filter((text) => text !== '').join(', '));
  }
  // With parts it is no longer a single image but a group of controls; without, keys can at least scroll it.
  if (isFirst) svg.setAttribute('tabindex', '0');
  else svg.setAttribute('role', 'group');
}

const REACHABLE = 'svg [tabindex]';
const FORWARD: ReadonlySet<string> = new Set(['ArrowDown', 'ArrowRight']);
const BACK: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowLeft']);

/** Moves the focus to the next or the previous part, or to the first or the last; returns true if the key does so. */
function moveFocus(host: HTMLElement | null, key: string): boolean {
  const parts = [...(host?.querySelectorAll<SVGElement>(REACHABLE) ?? [])];
  const at = parts.findIndex((part) => part === document.activeElement);
  if (at < 0) return false;
  const to = FORWARD.has(key)
    ? Math.min(at + 1, parts.length - 1)
    : BACK.has(key)
      ? Math.max(0, at - 1)
      : key === 'Home'
        ? 0
        : key === 'End'
          ? parts.length - 1
          : undefined;
  if (to === undefined) return false;
  parts[to]?.focus();
  return true;
}

function keepInTabOrder(host: HTMLElement | null, target: EventTarget | null): void {
  if (!(target instanceof SVGElement) || !target.matches(REACHABLE)) return;
  for (const part of host?.querySelectorAll(REACHABLE) ?? [])
    part.setAttribute('tabindex', part === target ? '0' : '-1');
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
