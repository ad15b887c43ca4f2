/**
 * The pictures of a run over one time axis: the whole run as a strip, faults, latency, rate, operations by process, and
 * the space-time diagram below, which scrolls when it has many lanes. Draws when something changed, at most once a frame;
 * knows nothing of the page around it but the view, which it reads and changes.
 */
import { effect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { LaneView, OperationWindow, Overview } from '../../../src/server/view-types.ts';
import { api } from '../api.ts';
import { countText, counted, momentText } from '../time-text.ts';
import { clampRange, panned, zoomed, type TimeRange, type ViewState } from '../view-state.ts';
import { drawAxis, drawFaults, drawStrip, FAULT_ROW, faultNames } from './draw-axis.ts';
import { drawMessages, logAt, messageAt, type MessagePicture } from './draw-messages.ts';
import { drawOperations, operationAt, type OperationPicture } from './draw-operations.ts';
import { drawLatency, drawRate } from './draw-plots.ts';
import { BOLD, FONT, readPalette, type Palette } from './palette.ts';
import { GUTTER, prepareCanvas, type Box, type Surface } from './surface.ts';
import { WindowSource, type Windows } from './window-source.ts';

export interface DiagramOptions {
  readonly run: string;
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
  /** Where the whole run ends for this picture: later than the run itself when it shares its axis with a longer one. */
  readonly endNanos: ReadonlySignal<number>;
  /** Messages that belong to what is selected. */
  readonly related: ReadonlySignal<ReadonlySet<number>>;
  /** Changes with the theme. */
  readonly theme: ReadonlySignal<string>;
  /** What is now in view, for the words beside the picture. */
  readonly onWindows: (windows: Windows) => void;
}

const STRIP: Box = { top: 0, height: 26 };
const AXIS: Box = { top: 30, height: 24 };
const LATENCY_HEIGHT = 84;
const RATE_HEIGHT = 46;
const STRIP_BUCKETS = 400;
const TITLE = 16;
const MIN_LANE = 15;
const MAX_LANE = 46;

interface Layout {
  readonly faults: Box;
  readonly latency: Box;
  readonly rate: Box;
  readonly operations: Box;
  readonly height: number;
}

export class Diagram {
  private readonly top = document.createElement('canvas');
  private readonly lanes = document.createElement('div');
  private readonly laneSpace = document.createElement('div');
  private readonly laneCanvas = document.createElement('canvas');
  private readonly tip = document.createElement('div');
  private readonly source: WindowSource;
  private readonly stops: (() => void)[] = [];
  private palette: Palette;
  private frame = 0;
  private shownWindows: Windows | undefined;
  private stripCounts: readonly number[] = [];
  private stripMessages = 0;
  private isSummarising = false;
  /** Frames drawn so far; read by the benchmark. */
  frames = 0;

  constructor(
    private readonly host: HTMLElement,
    private readonly options: DiagramOptions,
  ) {
    this.top.className = 'picture-top';
    this.lanes.className = 'picture-lanes';
    this.laneSpace.className = 'picture-space';
    this.laneCanvas.className = 'picture-canvas';
    this.tip.className = 'tip';
    this.tip.hidden = true;
    this.lanes.append(this.laneCanvas, this.laneSpace);
    host.append(this.top, this.lanes, this.tip);
    this.palette = readPalette(host);
    this.source = new WindowSource(options.run, () => this.changed());
    this.listen();
    this.stops.push(
      effect(() => {
        // Whatever is read here makes it draw again.
        void [options.view.value, options.overview.value, options.related.value, options.endNanos.value];
        this.changed();
      }),
      effect(() => {
        void options.theme.value;
        this.palette = readPalette(host);
        this.changed();
      }),
    );
  }

  close(): void {
    cancelAnimationFrame(this.frame);
    this.source.close();
    for (const stop of this.stops) stop();
    this.host.replaceChildren();
  }

  get range(): TimeRange {
    const { view, endNanos } = this.options;
    const end = endNanos.peek();
    return clampRange(view.peek().range ?? { from: -end * 0.01, to: end * 1.01 }, end);
  }

  /** Makes the view show that stretch; undefined for the whole run. */
  show(range: TimeRange | undefined): void {
    const { view, endNanos } = this.options;
    const end = endNanos.peek();
    view.value = { ...view.peek(), range: range === undefined ? undefined : clampRange(range, end) };
  }

  zoom(factor: number, at = (this.range.from + this.range.to) / 2): void {
    this.show(zoomed(this.range, factor, at));
  }

  pan(part: number): void {
    this.show(panned(this.range, (this.range.to - this.range.from) * part));
  }

  /** Selects the message sent before or after the selected one, among those in view. */
  step(by: 1 | -1): void {
    const { view } = this.options;
    const arrows = this.source.windows?.messages.arrows;
    if (arrows === undefined || arrows.id.length === 0) return;
    const { from, to } = this.range;
    const inView = arrows.id.filter((_, i) => (arrows.sent[i] ?? 0) <= to && (arrows.end[i] ?? to) >= from);
    const { selection } = view.peek();
    const at = selection?.kind === 'message' ? inView.indexOf(selection.id) : -1;
    const next = inView[at === -1 ? (by === 1 ? 0 : inView.length - 1) : at + by];
    if (next !== undefined) view.value = { ...view.peek(), selection: { kind: 'message', id: next } };
  }

  /** Draws at the next frame. */
  changed(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { view, overview, onWindows, run } = this.options;
    const width = this.host.clientWidth;
    if (width < GUTTER + 50) return;
    const now = overview.peek();
    const version = `${now.events} ${now.operations}`;
    this.source.want({ range: this.range, view: view.peek(), version, width: width - GUTTER });
    const { windows } = this.source;
    if (windows !== undefined) this.summarise();
    if (windows !== undefined && windows !== this.shownWindows) {
      this.shownWindows = windows;
      onWindows(windows);
    }
    const layout = this.layout();
    this.drawTop(layout, width, windows);
    if (windows !== undefined) this.drawLanes(width, windows);
    this.frames++;
    // For tests and the benchmark, which cannot see.
    this.host.dataset['drawn'] = `${run} ${windows === undefined ? 'empty' : 'full'}`;
    this.host.dataset['arrows'] = String(windows?.messages.arrows.id.length ?? 0);
  }

  /** Asks for the strip of the whole run, again when the run has grown by a tenth. */
  private summarise(): void {
    const { overview, run } = this.options;
    const { messages, endNanos } = overview.peek();
    if (this.isSummarising || messages === 0 || messages < this.stripMessages * 1.1) return;
    this.isSummarising = true;
    this.stripMessages = messages;
    api.density(run, endNanos, STRIP_BUCKETS).then(
      ({ density }) => {
        const lanes = density?.lanes ?? [];
        this.stripCounts = Array.from({ length: STRIP_BUCKETS }, (_, i) =>
          lanes.reduce((sum, { sent }) => sum + (sent[i] ?? 0), 0),
        );
        this.isSummarising = false;
        this.changed();
      },
      () => (this.isSummarising = false),
    );
  }

  private layout(): Layout {
    const { faults, concurrency } = this.options.overview.peek();
    const rows = Math.max(1, concurrency);
    const faultBox = { top: AXIS.top + AXIS.height, height: faultNames(faults).length * FAULT_ROW };
    const latency = { top: faultBox.top + faultBox.height + TITLE, height: LATENCY_HEIGHT };
    const rate = { top: latency.top + latency.height + TITLE, height: RATE_HEIGHT };
    const operations = {
      top: rate.top + rate.height + TITLE,
      height: Math.max(34, Math.min(rows * 17, Math.max(150, Math.min(220, rows * 2)))),
    };
    return { faults: faultBox, latency, rate, operations, height: operations.top + operations.height + 6 };
  }

  private drawTop(layout: Layout, width: number, windows: Windows | undefined): void {
    const { overview } = this.options;
    const { faults, endNanos } = overview.peek();
    const surface = this.surface(this.top, width, layout.height);
    drawStrip(surface, STRIP, { counts: this.stripCounts, endNanos, faults });
    drawAxis(surface, AXIS);
    drawFaults(surface, layout.faults, faults, endNanos);
    const operations = windows?.operations;
    if (windows === undefined || operations === undefined) {
      const text = this.source.problem ?? 'Loading…';
      surface.context.textAlign = 'center';
      surface.context.fillStyle = this.palette.faint;
      surface.context.fillText(text, width / 2, layout.latency.top + 40);
      return;
    }
    this.title(surface, 'Latency', layout.latency, 'from invocation to completion');
    this.title(surface, 'Rate', layout.rate, 'completions per second');
    const many = operations.density === undefined ? '' : ': shades; zoom in to see each';
    this.title(surface, 'Operations', layout.operations, `${countText(operations.total)} around here${many}`);
    if (operations.total === 0) this.empty(surface, layout.latency, 'No operations in this stretch of time.');
    else {
      drawLatency(surface, layout.latency, operations);
      drawRate(surface, layout.rate, operations);
    }
    drawOperations(surface, layout.operations, this.operationPicture(operations));
  }

  private drawLanes(width: number, windows: Windows): void {
    const { messages } = windows;
    const room = roomForLanes();
    const tops = laneTops(messages.lanes);
    const whole = Math.ceil(tops.at(-1) ?? 0) + TITLE;
    const height = Math.max(80, Math.min(room + TITLE, whole));
    this.lanes.style.height = `${height}px`;
    this.laneSpace.style.height = `${Math.max(0, whole - height)}px`;
    const inner = this.lanes.clientWidth || width;
    const surface = this.surface(this.laneCanvas, inner, height);
    const box = { top: TITLE, height: height - TITLE };
    drawMessages(surface, box, this.messagePicture(windows));
    surface.context.fillStyle = this.palette.background;
    surface.context.fillRect(0, 0, inner, TITLE);
    const about =
      messages.density === undefined
        ? `${countText(messages.total)} around here`
        : `${countText(messages.total)} around here: thickness is how many were sent; zoom in to see each`;
    this.title(surface, 'Messages', box, messages.total === 0 ? 'none in this stretch of time' : about);
    if (this.source.problem !== undefined) this.empty(surface, box, this.source.problem);
  }

  private surface(canvas: HTMLCanvasElement, width: number, height: number): Surface {
    const context = prepareCanvas(canvas, width, height);
    context.fillStyle = this.palette.background;
    context.fillRect(0, 0, width, height);
    context.font = FONT;
    return { context, palette: this.palette, range: this.range, width };
  }

  private title({ context, palette }: Surface, text: string, { top }: Box, more: string): void {
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.font = BOLD;
    context.fillStyle = palette.text;
    context.fillText(text, 8, top - TITLE / 2 + 1);
    const after = GUTTER + 2;
    context.font = FONT;
    context.fillStyle = palette.faint;
    context.fillText(more, after, top - TITLE / 2 + 1);
  }

  private empty({ context, palette, width }: Surface, { top, height }: Box, text: string): void {
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = palette.faint;
    context.fillText(text, GUTTER + (width - GUTTER) / 2, top + height / 2);
  }

  private operationPicture(operations: OperationWindow): OperationPicture {
    const { view, overview } = this.options;
    const { selection, shown } = view.peek();
    const { concurrency, endNanos } = overview.peek();
    return {
      data: operations,
      rows: Math.max(1, concurrency),
      selected: selection?.kind === 'operation' ? selection.index : undefined,
      shown: new Set(shown),
      endNanos,
    };
  }

  private messagePicture({ messages }: Windows): MessagePicture {
    const { view, overview, related } = this.options;
    const { selection, mark } = view.peek();
    const { faults, endNanos } = overview.peek();
    return {
      data: messages,
      tops: laneTops(messages.lanes),
      scroll: this.lanes.scrollTop - TITLE,
      selected: selection?.kind === 'message' ? selection.id : undefined,
      related: related.peek(),
      isMarking: mark !== '',
      faults,
      endNanos,
    };
  }

  // What hands do.

  private listen(): void {
    const { host, lanes } = this;
    const on = <K extends keyof HTMLElementEventMap>(
      target: HTMLElement,
      name: K,
      handle: (event: HTMLElementEventMap[K]) => void,
      options?: AddEventListenerOptions,
    ): void => {
      target.addEventListener(name, handle, options);
      this.stops.push(() => target.removeEventListener(name, handle, options));
    };
    on(host, 'wheel', (event) => this.wheel(event), { passive: false });
    on(host, 'pointerdown', (event) => this.press(event));
    on(host, 'pointermove', (event) => this.hover(event));
    on(host, 'pointerleave', () => (this.tip.hidden = true));
    on(host, 'dblclick', (event) => this.zoom(0.4, this.timeAt(event)));
    on(host, 'keydown', (event) => this.key(event));
    on(lanes, 'scroll', () => this.changed());
    const resized = new ResizeObserver(() => this.changed());
    resized.observe(host);
    this.stops.push(() => resized.disconnect());
  }

  private timeAt(event: MouseEvent): number {
    const { left, width } = this.host.getBoundingClientRect();
    const part = (event.clientX - left - GUTTER) / (width - GUTTER);
    return this.range.from + part * (this.range.to - this.range.from);
  }

  private wheel(event: WheelEvent): void {
    const { left } = this.host.getBoundingClientRect();
    // Over the labels the lanes scroll, and the page.
    if (event.clientX - left < GUTTER) return;
    event.preventDefault();
    const size = event.deltaMode === 1 ? 18 : 1;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const by = (event.deltaX === 0 ? event.deltaY : event.deltaX) * size;
      this.pan(by / Math.max(100, this.host.clientWidth - GUTTER));
    } else
      this.zoom(Math.exp(Math.max(-240, Math.min(240, event.deltaY * size)) * 0.0022), this.timeAt(event));
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0 || event.target === this.lanes) return;
    const strip = this.isOnStrip(event);
    const start = { x: event.clientX, y: event.clientY, range: this.range, scroll: this.lanes.scrollTop };
    let isDrag = false;
    const { width } = this.host.getBoundingClientRect();
    const wide = width - GUTTER;
    if (strip) this.showAround(event);
    const move = (next: PointerEvent): void => {
      const dx = next.clientX - start.x;
      const dy = next.clientY - start.y;
      if (!isDrag && Math.hypot(dx, dy) < 4) return;
      isDrag = true;
      this.tip.hidden = true;
      if (strip) {
        this.showAround(next);
        return;
      }
      this.show(panned(start.range, (-dx / wide) * (start.range.to - start.range.from)));
      this.lanes.scrollTop = start.scroll - dy;
    };
    const up = (last: PointerEvent): void => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', up);
      removeEventListener('pointercancel', up);
      if (!isDrag && !strip) this.pick(last);
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', up);
    addEventListener('pointercancel', up);
  }

  private isOnStrip(event: PointerEvent): boolean {
    return event.target === this.top && event.offsetY < STRIP.height;
  }

  /** Brings that moment of the whole run into the middle. */
  private showAround(event: PointerEvent): void {
    const { left, width } = this.host.getBoundingClientRect();
    const end = this.options.overview.peek().endNanos;
    const time = ((event.clientX - left - GUTTER) / (width - GUTTER)) * end;
    const { from, to } = this.range;
    if (to - from < end * 0.99) this.show({ from: time - (to - from) / 2, to: time + (to - from) / 2 });
  }

  private hit(event: MouseEvent): { readonly label: string; readonly select: () => void } | undefined {
    const { windows } = this.source;
    if (windows === undefined) return undefined;
    const { view } = this.options;
    const select = (selection: ViewState['selection']): void => {
      view.value = { ...view.peek(), selection };
    };
    const bounds = this.host.getBoundingClientRect();
    const surface = { palette: this.palette, range: this.range, width: bounds.width };
    if (event.target === this.laneCanvas) {
      const context = this.laneCanvas.getContext('2d');
      if (context === null) return undefined;
      const picture = this.messagePicture(windows);
      const found = messageAt(
        { ...surface, context, width: this.lanes.clientWidth },
        picture,
        event.offsetX,
        event.offsetY,
      );
      if (found !== undefined)
        return { label: found.label, select: () => select({ kind: 'message', id: found.id }) };
      const words = logAt(
        { ...surface, context, width: this.lanes.clientWidth },
        picture,
        event.offsetX,
        event.offsetY,
      );
      return words === undefined
        ? undefined
        : { label: words, select: () => (view.value = { ...view.peek(), tab: 'logs' }) };
    }
    const context = this.top.getContext('2d');
    const { operations } = this.layout();
    const { offsetY } = event;
    if (context === null || event.target !== this.top || windows.operations === undefined) return undefined;
    if (offsetY < operations.top || offsetY > operations.top + operations.height) return undefined;
    const found = operationAt(
      { ...surface, context },
      operations,
      this.operationPicture(windows.operations),
      event.offsetX,
      offsetY,
    );
    return found && { label: found.label, select: () => select({ kind: 'operation', index: found.index }) };
  }

  private pick(event: PointerEvent): void {
    const found = this.hit(event);
    if (found !== undefined) found.select();
  }

  private hover(event: PointerEvent): void {
    if (event.buttons !== 0 || !(event.target instanceof HTMLCanvasElement)) return;
    const found = this.hit(event);
    this.host.style.cursor = found === undefined ? '' : 'pointer';
    const { left, top, width } = this.host.getBoundingClientRect();
    if (event.clientX - left < GUTTER) {
      this.tip.hidden = true;
      return;
    }
    const { from, to } = this.range;
    const moment = momentText(this.timeAt(event), (to - from) / width);
    this.tip.textContent = found === undefined ? moment : `${found.label}\n${moment}`;
    this.tip.hidden = false;
    const x = event.clientX - left;
    const isRight = x > width - 240;
    this.tip.style.left = isRight ? '' : `${x + 14}px`;
    this.tip.style.right = isRight ? `${width - x + 14}px` : '';
    this.tip.style.top = `${event.clientY - top + 16}px`;
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.actionOf(event);
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  private actionOf({ key, shiftKey }: KeyboardEvent): (() => void) | undefined {
    const { view, overview } = this.options;
    const { from, to } = this.range;
    const end = overview.peek().endNanos;
    switch (key) {
      case 'ArrowLeft':
        return () => this.pan(shiftKey ? -0.9 : -0.15);
      case 'ArrowRight':
        return () => this.pan(shiftKey ? 0.9 : 0.15);
      case 'ArrowUp':
        return () => (this.lanes.scrollTop -= 40);
      case 'ArrowDown':
        return () => (this.lanes.scrollTop += 40);
      case '+':
      case '=':
        return () => this.zoom(0.6);
      case '-':
      case '_':
        return () => this.zoom(1 / 0.6);
      case '0':
        return () => this.show(undefined);
      case 'Home':
        return () => this.show({ from: 0, to: to - from });
      case 'End':
        return () => this.show({ from: end - (to - from), to: end });
      case 'n':
      case ']':
        return () => this.step(1);
      case 'p':
      case '[':
        return () => this.step(-1);
      case 'Escape':
        return () => (view.value = { ...view.peek(), selection: undefined, mark: '', shown: [] });
      default:
        return undefined;
    }
  }

  /** What is in view, in words, for those who do not see it. */
  describe(): string {
    const { from, to } = this.range;
    const { windows } = this.source;
    const step = (to - from) / 1000;
    const stretch = `${momentText(Math.max(0, from), step)} to ${momentText(to, step)}`;
    if (windows === undefined) return stretch;
    return `${stretch}: about ${counted(windows.messages.total, 'message')}, ${counted(windows.operations?.total ?? 0, 'operation')}`;
  }
}

/** How tall the space-time diagram may be before it scrolls. */
function roomForLanes(): number {
  return Math.max(240, Math.min(600, globalThis.innerHeight * 0.58));
}

/** Where each lane begins, and where the last one ends. Lanes of clients are narrower: what matters is among nodes. */
function laneTops(lanes: readonly LaneView[]): number[] {
  const weights = lanes.map(({ kind }) => (kind === 'node' ? 1 : 0.55));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const most = lanes.length <= 4 ? 2 * MAX_LANE : MAX_LANE;
  const unit = Math.min(most, roomForLanes() / Math.max(1, sum));
  const tops = [0];
  for (const weight of weights) tops.push((tops.at(-1) ?? 0) + Math.max(MIN_LANE, unit * weight));
  return tops;
}
