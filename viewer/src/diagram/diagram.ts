/**
 * The pictures of a run over one time axis: an overview strip, faults, latency, rate, operations by process, and the
 * space-time diagram below, which scrolls when it has many lanes. Redraws after changes, at most once per frame. All it
 * knows of the page is the view, which it reads and changes.
 */
import { effect, untracked, type ReadonlySignal, type Signal } from '@preact/signals';
import type {
  Arrows,
  Counts,
  MessageWindow,
  OperationWindow,
  Overview,
} from '../../../src/recording/views.ts';
import { knowsMessages } from '../source/knows-messages.ts';
import type { OpenRun } from '../source/open-run.ts';
import { countText, counted, momentText } from '../time-text.ts';
import { changeView, type ViewState } from '../view-state.ts';
import { CountSource } from './data/count-source.ts';
import { drawAxis, drawFaults, drawStrip } from './draw/draw-axis.ts';
import { drawCursor } from './draw/draw-cursor.ts';
import { drawDecisive } from './draw/draw-decisive.ts';
import { drawMessages } from './draw/draw-messages.ts';
import { drawMoment, drawMomentOfMessages, type Moment } from './draw/draw-moment.ts';
import { drawOperations } from './draw/draw-operations.ts';
import { drawLatency, drawRate } from './draw/draw-plots.ts';
import { drawNotice, drawTitle } from './draw/draw-title.ts';
import { eventBeside, type EventPlace, type ShownEvent } from './input/event-beside.ts';
import { addElements, type DiagramElements } from './elements.ts';
import { messagesInView, operationsInView } from './data/in-view.ts';
import { keyAction } from './input/key-actions.ts';
import { AXIS, heightOfLanes, layoutOf, STRIP, TITLE } from './layout.ts';
import { FONT, readPalette, type Palette } from './palette.ts';
import { pointedAt } from './input/pointed-at.ts';
import { PointerInput } from './input/pointer-input.ts';
import { messagePicture, operationPicture, type Scene } from './scene.ts';
import { StripSource } from './data/strip-source.ts';
import { GUTTER, prepareCanvas, type Box, type Surface } from './surface.ts';
import { ViewRange } from './view-range.ts';
import { WindowSource, type Windows } from './data/window-source.ts';

export interface DiagramOptions {
  readonly run: OpenRun;
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
  /** End of this picture's time axis: later than the run's own end when the axis is shared with a longer run. */
  readonly endNanos: ReadonlySignal<number>;
  /** Ids of messages related to the selection. */
  readonly related: ReadonlySignal<ReadonlySet<number>>;
  /** When the run was decided, if known. */
  readonly decisiveNanos?: ReadonlySignal<number | undefined> | undefined;
  /** The current position while the run is stepped through. */
  readonly moment: ReadonlySignal<Moment | undefined>;
  /** Called when empty space is clicked while the run is stepped through. */
  readonly onMoment: (nanos: number) => void;
  /** Called with the time under the pointer; undefined when it is not on the time axis. */
  readonly onHover: (nanos: number | undefined) => void;
  readonly onStateStep: (by: 1 | -1) => void;
  /** Goes to the previous or next event. */
  readonly onEventStep: (by: 1 | -1) => void;
  /** Starts or stops playing event by event. */
  readonly onPlay: () => void;
  /** Changes when the theme changes. */
  readonly theme: ReadonlySignal<string>;
  /** Called with the windows now in view, for the text beside the picture. */
  readonly onWindows: (windows: Windows) => void;
}

export class Diagram {
  /** The visible time range. */
  readonly range: ViewRange;
  private readonly elements: DiagramElements;
  private readonly source: WindowSource;
  private readonly strip: StripSource;
  private readonly counts: CountSource;
  private readonly closing = new AbortController();
  private palette: Palette;
  private frame = 0;
  private shownWindows: Windows | undefined;

  constructor(
    host: HTMLElement,
    private readonly options: DiagramOptions,
  ) {
    this.elements = addElements(host);
    this.palette = readPalette(host);
    this.range = new ViewRange(options.view, () => options.overview.peek().startNanos, options.endNanos);
    this.source = new WindowSource(options.run, () => this.changed());
    this.counts = new CountSource(options.run, () => this.changed());
    this.strip = new StripSource(options.run, () => this.changed());
    this.listen();
    this.watch();
  }

  close(): void {
    cancelAnimationFrame(this.frame);
    this.source.close();
    this.strip.close();
    this.counts.close();
    this.closing.abort();
    this.elements.host.replaceChildren();
  }

  /** Returns the next or previous event among those loaded, or undefined if there is none. */
  eventBeside(place: EventPlace, by: 1 | -1): ShownEvent | undefined {
    const { windows } = this.source;
    return windows === undefined ? undefined : eventBeside(windows, place, by);
  }

  /** Describes what is in view, for people who cannot see it. */
  describe(): string {
    const { from, to } = this.range.current;
    const { windows } = this.source;
    const step = (to - from) / 1000;
    const stretch = `${momentText(Math.max(0, from), step)} to ${momentText(to, step)}`;
    if (windows === undefined) return stretch;
    const { messages, operations } = windows;
    const { decisive } = this.scene();
    const marked =
      decisive === undefined || decisive < from || decisive > to
        ? ''
        : `, the decisive moment at ${momentText(decisive, step)}`;
    const words = (inView: number | undefined, noun: string): string =>
      inView === undefined ? `many ${noun}s` : counted(inView, noun);
    const inView = this.inView(operations, messages);
    return `${stretch}: ${words(inView.messages, 'message')}, ${
      operations === undefined ? 'operations not read yet' : words(inView.operations, 'operation')
    }${marked}`;
  }

  /** Returns how many messages and operations are in view; the parts not counted yet are missing. */
  private inView(operations?: OperationWindow, messages?: MessageWindow): Partial<Counts> {
    const range = this.range.current;
    const counts = (): Counts | undefined =>
      this.counts.of(range, this.options.view.peek(), this.version(this.options.overview.peek()));
    const said = messages === undefined ? undefined : (messagesInView(messages, range) ?? counts()?.messages);
    const made =
      operations === undefined ? undefined : (operationsInView(operations, range) ?? counts()?.operations);
    return {
      ...(said === undefined ? {} : { messages: said }),
      ...(made === undefined ? {} : { operations: made }),
    };
  }

  /** Returns a string that changes as the run grows. */
  private version({ events, operations, states }: Overview): string {
    return `${events} ${operations} ${states?.changes ?? 0}`;
  }

  // Input

  private listen(): void {
    const { range, source } = this;
    const { view, overview } = this.options;
    const { host, lanes } = this.elements;
    const { signal } = this.closing;
    const steered = {
      range,
      overview: (): Overview => overview.peek(),
      change: (part: Partial<ViewState>): void => changeView(view, part),
    };
    const pointer = new PointerInput(this.elements, {
      ...steered,
      pointedAt: (place) => pointedAt(this.scene(), place),
      hover: (nanos) => this.options.onHover(nanos),
      pickMoment: (nanos) => {
        if (this.options.moment.peek() !== undefined) this.options.onMoment(nanos);
        else changeView(view, { at: nanos });
      },
    });
    signal.addEventListener('abort', () => pointer.close());
    const keys = {
      ...steered,
      view: (): ViewState => view.peek(),
      arrows: (): Arrows | undefined => source.windows?.messages.arrows,
      stepEvent: (by: 1 | -1): void => this.options.onEventStep(by),
      play: (): void => this.options.onPlay(),
      stepState: (by: 1 | -1): void => this.options.onStateStep(by),
      scroll: (by: number): void => void (lanes.scrollTop += by),
    };
    const press = (event: KeyboardEvent): void => {
      const act = keyAction(event, keys);
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    host.addEventListener('keydown', press, { signal });
    lanes.addEventListener('scroll', () => this.changed(), { signal });
  }

  // When to draw

  /** Draws whenever anything that is drawn may have changed. */
  private watch(): void {
    const { view, overview, related, endNanos, theme, decisiveNanos, moment } = this.options;
    const { host } = this.elements;
    const resized = new ResizeObserver(() => this.changed());
    resized.observe(host);
    const stops = [
      effect(() => {
        // Reading these subscribes to them.
        void [view.value, overview.value, related.value, endNanos.value];
        void [decisiveNanos?.value, moment.value];
        this.changed();
      }),
      effect(() => {
        void theme.value;
        this.palette = readPalette(host);
        // At once: before a page is printed no frame is left.
        if (this.shownWindows === undefined) this.changed();
        else untracked(() => this.draw());
      }),
      () => resized.disconnect(),
    ];
    this.closing.signal.addEventListener('abort', () => {
      for (const stop of stops) stop();
    });
  }

  /** Draws in the next frame. */
  private changed(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  // Drawing

  private scene(): Scene {
    const { view, overview, related, decisiveNanos, moment } = this.options;
    return {
      decisive: decisiveNanos?.peek(),
      view: view.peek(),
      range: this.range.current,
      overview: overview.peek(),
      related: related.peek(),
      windows: this.source.windows,
      scrolled: this.elements.lanes.scrollTop,
      moment: moment.peek(),
    };
  }

  private draw(): void {
    const { onWindows, run } = this.options;
    const { host } = this.elements;
    const width = host.clientWidth;
    if (width < GUTTER + 50) return;
    const { windows } = this.source;
    // First, because fewer lanes reduce the scroll position.
    if (windows !== undefined) this.fitLanes(windows);
    const scene = this.scene();
    const { range, view, overview } = scene;
    const version = this.version(overview);
    const hasStates = overview.states !== undefined;
    this.source.want({ range, view, version, width: width - GUTTER, hasStates });
    if (windows !== undefined) this.strip.want(overview);
    if (windows !== undefined && windows !== this.shownWindows) {
      this.shownWindows = windows;
      onWindows(windows);
    }
    this.drawTop(scene, width);
    if (windows !== undefined) this.drawLanes(scene, windows, width);
    // For tests and benchmarks, which cannot see the canvas.
    host.dataset['drawn'] = `${run.id} ${windows === undefined ? 'empty' : 'full'}`;
    host.dataset['from'] = String(range.from);
    host.dataset['to'] = String(range.to);
    host.dataset['states'] = String(windows?.states?.lanes.length ?? 0);
    host.dataset['arrows'] = String(windows?.messages.arrows.id.length ?? 0);
  }

  private drawTop(scene: Scene, width: number): void {
    const { faults, startNanos, endNanos } = scene.overview;
    const { moment, view } = scene;
    const layout = layoutOf(scene.overview, moment !== undefined);
    const surface = this.surface(this.elements.top, scene, width, layout.height);
    drawStrip(surface, STRIP, { counts: this.strip.counts, startNanos, endNanos, faults });
    drawAxis(surface, AXIS);
    drawFaults(surface, layout.faults, faults, endNanos);
    const { decisive } = scene;
    const mark = (): void => {
      const box = { top: AXIS.top, height: layout.height - AXIS.top };
      if (decisive !== undefined) drawDecisive(surface, box, decisive, AXIS);
      if (view.at !== undefined) drawCursor(surface, box, view.at);
    };
    const operations = scene.windows?.operations;
    if (operations === undefined) {
      const { context, palette } = surface;
      context.textAlign = 'center';
      context.fillStyle = palette.faint;
      const { top } = layout.plots?.latency ?? layout.operations;
      context.fillText(this.source.problem ?? 'Loading…', width / 2, top + 40);
      return mark();
    }
    if (layout.plots !== undefined) this.drawPlots(surface, layout.plots, operations);
    const { operations: inView } = this.inView(operations);
    const about = `${inView === undefined ? '…' : countText(inView)} in view${operations.density === undefined ? '' : ': shades; zoom in to see each'}`;
    drawTitle(surface, layout.operations, 'Operations', about);
    drawOperations(surface, layout.operations, operationPicture(scene, operations));
    if (moment !== undefined) {
      drawMoment(surface, AXIS, moment);
      drawMoment(surface, layout.faults, moment);
      drawMoment(surface, layout.operations, moment);
    }
    mark();
  }

  private drawPlots(
    surface: Surface,
    { latency, rate }: { readonly latency: Box; readonly rate: Box },
    operations: OperationWindow,
  ): void {
    drawTitle(surface, latency, 'Latency', 'from invocation to completion');
    drawTitle(surface, rate, 'Rate', 'completions per second');
    const { query } = this.options.view.peek();
    if (operations.total === 0)
      drawNotice(
        surface,
        latency,
        query === ''
          ? 'No operations in this time range.'
          : 'No operations in this time range match the filter.',
      );
    else {
      drawLatency(surface, latency, operations);
      drawRate(surface, rate, operations);
    }
  }

  private fitLanes({ messages }: Windows): void {
    const { lanes, laneSpace } = this.elements;
    const isEmpty = !knowsMessages(this.options.overview.peek());
    lanes.hidden = isEmpty;
    if (isEmpty) return;
    const { height, whole } = heightOfLanes(messages.lanes, this.options.moment.peek() !== undefined);
    lanes.style.height = `${height}px`;
    laneSpace.style.height = `${whole - height}px`;
  }

  private drawLanes(scene: Scene, { messages }: Windows, width: number): void {
    if (!knowsMessages(scene.overview)) return;
    const { lanes, laneCanvas } = this.elements;
    const { height } = heightOfLanes(messages.lanes, scene.moment !== undefined);
    const inner = lanes.clientWidth || width;
    const surface = this.surface(laneCanvas, scene, inner, height);
    const box = { top: TITLE, height: height - TITLE };
    const picture = messagePicture(scene, messages);
    drawMessages(surface, box, picture);
    if (scene.moment !== undefined) drawMomentOfMessages(surface, box, picture, scene.moment);
    if (scene.decisive !== undefined) drawDecisive(surface, box, scene.decisive);
    if (scene.view.at !== undefined) drawCursor(surface, box, scene.view.at);
    surface.context.fillStyle = this.palette.background;
    surface.context.fillRect(0, 0, inner, TITLE);
    const { messages: inView } = this.inView(undefined, messages);
    const about = `${inView === undefined ? '…' : countText(inView)} in view${messages.density === undefined ? '' : ': thickness is how many were sent; zoom in to see each'}`;
    const none =
      scene.view.query === ''
        ? 'none in this stretch of time'
        : 'none in this stretch of time that match the filter';
    drawTitle(surface, box, 'Messages', inView === 0 ? none : about);
    if (this.source.problem !== undefined) drawNotice(surface, box, this.source.problem);
  }

  private surface(canvas: HTMLCanvasElement, { range }: Scene, width: number, height: number): Surface {
    const { palette } = this;
    const context = prepareCanvas(canvas, width, height);
    context.fillStyle = palette.background;
    context.fillRect(0, 0, width, height);
    context.font = FONT;
    return { context, palette, range, width };
  }
}
