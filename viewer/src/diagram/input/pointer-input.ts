/**
 * Mouse input: the wheel zooms and pans, dragging pans, dragging on the overview strip selects a range or moves the visible
 * one, a click selects, and a tooltip describes what is under the pointer.
 */
import type { Overview } from '../../../../src/recording/views.ts';
import { momentText } from '../../time-text.ts';
import { panned, type ViewState } from '../../view-state.ts';
import type { DiagramElements } from '../elements.ts';
import { STRIP } from '../layout.ts';
import type { CanvasPoint, Pointed } from './pointed-at.ts';
import { GUTTER } from '../surface.ts';
import type { ViewRange } from '../view-range.ts';
import { wheelPixels } from './wheel-pixels.ts';

/** Pixels the pointer moves before a press becomes a drag. */
const DRAG = 4;

export interface PointerOptions {
  readonly range: ViewRange;
  /** The bounds of the run. */
  readonly overview: () => Pick<Overview, 'startNanos' | 'endNanos'>;
  readonly pointedAt: (place: CanvasPoint) => Pointed | undefined;
  readonly change: (part: Partial<ViewState>) => void;
  /** Called with the time under the pointer; undefined when it is not on the time axis. */
  readonly hover: (nanos: number | undefined) => void;
  /** Called when empty space is clicked. */
  readonly pickMoment: (nanos: number) => void;
}

export class PointerInput {
  private readonly closing = new AbortController();

  constructor(
    private readonly elements: DiagramElements,
    private readonly options: PointerOptions,
  ) {
    const { signal } = this.closing;
    const { host, tip } = elements;
    host.addEventListener('wheel', (event) => this.wheel(event), { passive: false, signal });
    host.addEventListener('pointerdown', (event) => this.press(event), { signal });
    host.addEventListener('pointermove', (event) => this.hover(event), { signal });
    const leave = (): void => {
      tip.hidden = true;
      options.hover(undefined);
    };
    host.addEventListener('pointerleave', leave, { signal });
    host.addEventListener('dblclick', (event) => options.range.zoom(0.4, this.timeAt(event)), { signal });
  }

  close(): void {
    this.closing.abort();
  }

  private timeAt(event: MouseEvent): number {
    const { from, to } = this.options.range.current;
    return from + this.partAt(event) * (to - from);
  }

  /** Returns the position on the time axis as a fraction, with 0 at the left and 1 at the right. */
  private partAt(event: MouseEvent): number {
    const { left, width } = this.elements.host.getBoundingClientRect();
    return (event.clientX - left - GUTTER) / (width - GUTTER);
  }

  private wheel(event: WheelEvent): void {
    const { host } = this.elements;
    const { range } = this.options;
    const { left } = host.getBoundingClientRect();
    // Over the labels, the wheel scrolls the lanes and the page.
    if (event.clientX - left < GUTTER) return;
    event.preventDefault();
    // Read first: Firefox reports pixels to scripts that read the deltas before the mode.
    const size = wheelPixels(event);
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const by = (event.deltaX === 0 ? event.deltaY : event.deltaX) * size;
      range.pan(by / Math.max(100, host.clientWidth - GUTTER));
    } else
      range.zoom(Math.exp(Math.max(-240, Math.min(240, event.deltaY * size)) * 0.0022), this.timeAt(event));
  }

  private press(event: PointerEvent): void {
    const { host, lanes, tip } = this.elements;
    if (event.button !== 0 || event.target === lanes) return;
    const { range } = this.options;
    const strip = this.isOnStrip(event);
    const start = { x: event.clientX, y: event.clientY, range: range.current, scroll: lanes.scrollTop };
    let isDrag = false;
    const { width } = host.getBoundingClientRect();
    const wide = width - GUTTER;
    const isSelecting = strip && !this.isOnWindow(event);
    const move = (next: PointerEvent): void => {
      const dx = next.clientX - start.x;
      const dy = next.clientY - start.y;
      if (!isDrag && Math.hypot(dx, dy) < DRAG) return;
      isDrag = true;
      tip.hidden = true;
      if (isSelecting) {
        this.showSelecting(event, next);
        return;
      }
      if (strip) {
        this.showAround(next);
        return;
      }
      range.show(panned(start.range, (-dx / wide) * (start.range.to - start.range.from)));
      lanes.scrollTop = start.scroll - dy;
    };
    const up = (last: PointerEvent): void => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', up);
      removeEventListener('pointercancel', up);
      this.elements.selecting.hidden = true;
      if (!isDrag && strip) this.showAround(last);
      else if (!isDrag) this.pick(last);
      else if (isSelecting && last.type === 'pointerup') {
        const [one, other] = [this.stripTimeAt(event), this.stripTimeAt(last)];
        range.show({ from: Math.min(one, other), to: Math.max(one, other) });
      }
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', up);
    addEventListener('pointercancel', up);
  }

  private isOnStrip(event: PointerEvent): boolean {
    return event.target === this.elements.top && event.offsetY < STRIP.height;
  }

  /** True on the visible range's part of the strip, unless that range is nearly the whole run. */
  private isOnWindow(event: PointerEvent): boolean {
    const { from, to } = this.options.range.current;
    const { startNanos, endNanos } = this.options.overview();
    if (to - from >= (endNanos - startNanos) * 0.99) return false;
    const time = this.stripTimeAt(event);
    return time >= from && time <= to;
  }

  /** Returns the time within the whole run, limited to it. */
  private stripTimeAt(event: PointerEvent): number {
    const { startNanos, endNanos } = this.options.overview();
    return startNanos + Math.max(0, Math.min(1, this.partAt(event))) * (endNanos - startNanos);
  }

  private showSelecting(start: PointerEvent, now: PointerEvent): void {
    const { host, selecting } = this.elements;
    const { left, width } = host.getBoundingClientRect();
    const x = (event: PointerEvent): number => Math.max(GUTTER, Math.min(width, event.clientX - left));
    selecting.hidden = false;
    selecting.style.left = `${Math.min(x(start), x(now))}px`;
    selecting.style.width = `${Math.abs(x(start) - x(now))}px`;
    selecting.style.height = `${STRIP.height}px`;
  }

  /** Centres the view on the time at that point of the strip. */
  private showAround(event: PointerEvent): void {
    const { range } = this.options;
    const { startNanos, endNanos } = this.options.overview();
    const whole = endNanos - startNanos;
    const time = this.stripTimeAt(event);
    const { from, to } = range.current;
    if (to - from < whole * 0.99) range.show({ from: time - (to - from) / 2, to: time + (to - from) / 2 });
  }

  private pointed({ target, offsetX: x, offsetY: y }: MouseEvent): Pointed | undefined {
    const { host, top, lanes, laneCanvas } = this.elements;
    const { pointedAt } = this.options;
    if (target === laneCanvas) return pointedAt({ canvas: 'lanes', width: lanes.clientWidth, x, y });
    if (target !== top) return undefined;
    return pointedAt({ canvas: 'top', width: host.getBoundingClientRect().width, x, y });
  }

  private pick(event: PointerEvent): void {
    const found = this.pointed(event);
    if (found !== undefined) this.options.change(found.change);
    else if (this.partAt(event) >= 0) this.options.pickMoment(this.timeAt(event));
  }

  private hover(event: PointerEvent): void {
    if (event.buttons !== 0 || !(event.target instanceof HTMLCanvasElement)) return;
    const { host, tip } = this.elements;
    const found = this.pointed(event);
    host.style.cursor = found === undefined ? '' : 'pointer';
    const { left, top, width } = host.getBoundingClientRect();
    const isOnAxis = event.clientX - left >= GUTTER && !this.isOnStrip(event);
    this.options.hover(isOnAxis ? this.timeAt(event) : undefined);
    if (event.clientX - left < GUTTER) {
      tip.hidden = true;
      return;
    }
    const { from, to } = this.options.range.current;
    const moment = momentText(this.timeAt(event), (to - from) / width);
    tip.textContent = found === undefined ? moment : `${found.label}\n${moment}`;
    tip.hidden = false;
    const x = event.clientX - left;
    const isRight = x > width - 240;
    tip.style.left = isRight ? '' : `${x + 14}px`;
    tip.style.right = isRight ? `${width - x + 14}px` : '';
    tip.style.top = `${event.clientY - top + 16}px`;
  }
}
