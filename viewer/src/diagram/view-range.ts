/** The visible time range and its movement: part of the view, and always within the run. */
import type { ReadonlySignal, Signal } from '@preact/signals';
import { changeView, clampRange, panned, zoomed, type TimeRange, type ViewState } from '../view-state.ts';

export class ViewRange {
  constructor(
    private readonly view: Signal<ViewState>,
    private readonly startNanos: () => number,
    private readonly endNanos: ReadonlySignal<number>,
  ) {}

  get current(): TimeRange {
    const { from, to } = this.whole;
    const air = (to - from) * 0.01;
    return clampRange(this.view.peek().range ?? { from: from - air, to: to + air }, { from, to });
  }

  /** From the first event of the run to its end. */
  get whole(): TimeRange {
    return { from: this.startNanos(), to: this.endNanos.peek() };
  }

  /** Makes the view show that range; undefined for the whole run. */
  show(range: TimeRange | undefined): void {
    changeView(this.view, { range: range && clampRange(range, this.whole) });
  }

  /** Zooms; factors below 1 zoom in. The time `at` keeps its place, by default the middle. */
  zoom(factor: number, at?: number): void {
    const { from, to } = this.current;
    this.show(zoomed({ from, to }, factor, at ?? (from + to) / 2));
  }

  /** Pans by a fraction of the visible range; negative is earlier. */
  pan(part: number): void {
    const { from, to } = this.current;
    this.show(panned({ from, to }, (to - from) * part));
  }
}
