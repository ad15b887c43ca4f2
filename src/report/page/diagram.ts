/**
 * The space-time diagram of a report: time to the right, a lane for each endpoint, an arrow for each message. Wheel and
 * buttons zoom, dragging and arrow keys pan, a click chooses the nearest message. Where arrows would be too many to
 * tell apart, a sample of them is drawn, and the page says so.
 */
import { button, element } from './paged-table.ts';
import type { PageData } from './page-data.ts';

const LANE = 26;
const TOP = 22;
const LEFT = 84;
const MOST_ARROWS = 4000;
const LEAST_SPAN = 20;
const FIRST_SHOWN = 60;
const NEAR = 12;
const LONGEST_LABEL = 24;

export interface DiagramOptions {
  readonly host: HTMLElement;
  readonly data: PageData;
  readonly onChoose: (message: number) => void;
}

interface Arrow {
  readonly message: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export class Diagram {
  private from = 0;
  private to: number;
  private chosen: number | undefined;
  private arrows: Arrow[] = [];
  private isScheduled = false;
  private readonly canvas = document.createElement('canvas');
  private readonly status = element('span', '');
  private readonly data: PageData;

  constructor(private readonly options: DiagramOptions) {
    this.data = options.data;
    const { sent, type, types } = this.data.messages;
    // Every run begins with the same greetings.
    const first = Math.max(
      0,
      sent.findIndex((_, message) => !(types[type[message] ?? 0] ?? '').startsWith('init')),
    );
    this.from = sent[first] ?? 0;
    const last = sent[Math.min(sent.length - 1, first + FIRST_SHOWN)] ?? this.data.end;
    this.to = Math.max(this.from + LEAST_SPAN, Math.min(this.data.end, last));
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute(
      'aria-label',
      'Messages between endpoints over time. Plus and minus zoom, arrow keys pan. The table below has the same messages.',
    );
    options.host.replaceChildren(this.controls(), this.canvas);
    this.listen();
    this.schedule();
  }

  /** Marks a message and brings it into view. */
  show(message: number): void {
    this.chosen = message;
    const at = this.data.messages.sent[message] ?? 0;
    if (at < this.from || at > this.to) this.view(at - (this.to - this.from) / 2, this.to - this.from);
    this.schedule();
  }

  private controls(): HTMLElement {
    const bar = element('div', 'controls');
    bar.append(
      button('Zoom in', () => this.zoom(0.5, 0.5)),
      button('Zoom out', () => this.zoom(2, 0.5)),
      button('Whole run', () => this.view(0, this.data.end)),
      this.status,
    );
    return bar;
  }

  private listen(): void {
    const { canvas } = this;
    canvas.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const part = (event.offsetX - LEFT) / this.width();
        if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
          this.pan((event.deltaX + event.deltaY) / this.width());
        else this.zoom(Math.exp(event.deltaY * 0.002), Math.min(1, Math.max(0, part)));
      },
      { passive: false },
    );
    let last: number | undefined;
    let moved = 0;
    canvas.addEventListener('pointerdown', (event) => {
      last = event.clientX;
      moved = 0;
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (last === undefined) return;
      moved += Math.abs(event.clientX - last);
      this.pan((last - event.clientX) / this.width());
      last = event.clientX;
    });
    canvas.addEventListener('pointerup', (event) => {
      last = undefined;
      if (moved < 4) this.choose(event.offsetX, event.offsetY);
    });
    canvas.addEventListener('keydown', (event) => {
      const act = KEYS[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act(this);
    });
    addEventListener('resize', () => this.schedule());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.schedule());
  }

  pan(part: number): void {
    this.view(this.from + part * (this.to - this.from), this.to - this.from);
  }

  zoom(factor: number, around: number): void {
    const span = Math.min(this.data.end, Math.max(LEAST_SPAN, (this.to - this.from) * factor));
    const fixed = this.from + around * (this.to - this.from);
    this.view(fixed - around * span, span);
  }

  private view(from: number, span: number): void {
    this.from = Math.max(0, Math.min(from, this.data.end - span));
    this.to = this.from + Math.max(LEAST_SPAN, span);
    this.schedule();
  }

  private width(): number {
    return Math.max(100, this.options.host.clientWidth - LEFT - 16);
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      this.draw();
    });
  }

  private choose(x: number, y: number): void {
    let best: Arrow | undefined;
    let distance = NEAR;
    for (const arrow of this.arrows) {
      const d = distanceTo(arrow, x, y);
      if (d < distance) [best, distance] = [arrow, d];
    }
    if (best !== undefined) {
      this.chosen = best.message;
      this.options.onChoose(best.message);
      this.schedule();
    }
  }

  private draw(): void {
    const { messages, bands } = this.data;
    const lanes = messages.lanes.length;
    const width = this.width() + LEFT + 16;
    const height = TOP + lanes * LANE + 24;
    const density = devicePixelRatio || 1;
    const { canvas } = this;
    canvas.width = width * density;
    canvas.height = height * density;
    // Set by script, which a Content-Security-Policy without inline styles allows.
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const pen = canvas.getContext('2d');
    if (pen === null) return;
    pen.scale(density, density);
    const colour = colours();
    const x = (micros: number): number =>
      LEFT + ((micros - this.from) / (this.to - this.from)) * this.width();
    const y = (lane: number): number => TOP + lane * LANE + LANE / 2;
    pen.fillStyle = colour.paper;
    pen.fillRect(0, 0, width, height);
    pen.font = '12px "DejaVu Sans", Verdana, sans-serif';

    pen.save();
    pen.beginPath();
    pen.rect(LEFT, 0, width - LEFT, height);
    pen.clip();
    for (const band of bands) {
      if (band.to < this.from || band.from > this.to) continue;
      pen.fillStyle = colour.band;
      pen.fillRect(x(band.from), TOP - 4, Math.max(1, x(band.to) - x(band.from)), lanes * LANE + 4);
      pen.fillStyle = colour.faint;
      pen.fillText(`${band.kind} ${band.about}`, Math.max(LEFT + 2, x(band.from) + 2), TOP - 8);
    }
    pen.strokeStyle = colour.lane;
    pen.beginPath();
    for (let lane = 0; lane < lanes; lane++) {
      pen.moveTo(LEFT, y(lane));
      pen.lineTo(width, y(lane));
    }
    pen.stroke();
    this.drawArrows(pen, colour, x, y);
    pen.restore();

    pen.fillStyle = colour.ink;
    messages.lanes.forEach((name, lane) => pen.fillText(name.slice(0, 11), 6, y(lane) + 4));
    this.drawTimes(pen, colour, x, height);
  }

  private drawArrows(
    pen: CanvasRenderingContext2D,
    colour: Colours,
    x: (micros: number) => number,
    y: (lane: number) => number,
  ): void {
    const { messages } = this.data;
    const visible = this.visibleMessages();
    const step = Math.max(1, Math.ceil(visible.length / MOST_ARROWS));
    this.arrows = [];
    for (let at = 0; at < visible.length; at += step) {
      const message = visible[at] ?? 0;
      const sent = messages.sent[message] ?? 0;
      const lost = messages.lost[message];
      const received = messages.received[message] ?? lost?.[0] ?? this.data.end;
      const y1 = y(messages.laneOf[messages.src[message] ?? 0] ?? 0);
      const y2 = y(messages.laneOf[messages.dest[message] ?? 0] ?? 0);
      const isLost = lost !== undefined && messages.received[message] === null;
      const arrow = { message, x1: x(sent), y1, x2: x(received), y2: isLost ? y1 + (y2 - y1) * 0.7 : y2 };
      this.arrows.push(arrow);
      const isChosen = message === this.chosen;
      pen.strokeStyle = pen.fillStyle = isChosen ? colour.chosen : isLost ? colour.lost : colour.arrow;
      pen.lineWidth = isChosen ? 3 : 1;
      pen.beginPath();
      pen.moveTo(arrow.x1, arrow.y1);
      pen.lineTo(arrow.x2, arrow.y2);
      if (isLost) drawCross(pen, arrow.x2, arrow.y2);
      pen.stroke();
      if (!isLost) drawHead(pen, arrow);
    }
    if (visible.length <= 60) this.drawLabels(pen, colour);
    const many = visible.length.toLocaleString('en');
    this.status.textContent =
      `${(this.from / 1e6).toFixed(6)} s to ${(this.to / 1e6).toFixed(6)} s: ${many} messages` +
      (step > 1 ? `, one in ${step} drawn; zoom in to see them all` : '');
  }

  private drawLabels(pen: CanvasRenderingContext2D, colour: Colours): void {
    const { messages } = this.data;
    const taken: (readonly [number, number, number])[] = [];
    pen.fillStyle = colour.ink;
    for (const { message, x1, x2, y1, y2 } of this.arrows) {
      const text = (messages.types[messages.type[message] ?? 0] ?? '').slice(0, LONGEST_LABEL);
      const left = (x1 + x2) / 2 + 5;
      const middle = (y1 + y2) / 2 + 4;
      const right = left + pen.measureText(text).width;
      if (taken.some(([a, b, c]) => Math.abs(c - middle) < 13 && left < b && right > a)) continue;
      taken.push([left, right, middle]);
      pen.fillText(text, left, middle);
    }
  }

  /** Those under way at some time in view. */
  private visibleMessages(): number[] {
    const { sent, received, lost } = this.data.messages;
    const visible: number[] = [];
    for (let message = 0; message < sent.length; message++) {
      if ((sent[message] ?? 0) > this.to) break;
      const end = received[message] ?? lost[message]?.[0] ?? sent[message] ?? 0;
      if (end >= this.from) visible.push(message);
    }
    return visible;
  }

  private drawTimes(
    pen: CanvasRenderingContext2D,
    colour: Colours,
    x: (micros: number) => number,
    height: number,
  ): void {
    const rough = (this.to - this.from) / Math.max(2, this.width() / 130);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
    const digits = Math.max(0, 6 - Math.floor(Math.log10(step)));
    pen.fillStyle = colour.faint;
    for (let at = Math.ceil(this.from / step) * step; at <= this.to; at += step) {
      pen.fillRect(x(at), height - 22, 1, 5);
      pen.fillText(`${(at / 1e6).toFixed(digits)} s`, x(at) + 3, height - 8);
    }
  }
}

const KEYS: Readonly<Record<string, (diagram: Diagram) => void>> = {
  ArrowLeft: (diagram) => diagram.pan(-0.2),
  ArrowRight: (diagram) => diagram.pan(0.2),
  '+': (diagram) => diagram.zoom(0.5, 0.5),
  '=': (diagram) => diagram.zoom(0.5, 0.5),
  '-': (diagram) => diagram.zoom(2, 0.5),
};

type Colours = Readonly<
  Record<'paper' | 'ink' | 'faint' | 'lane' | 'arrow' | 'lost' | 'chosen' | 'band', string>
>;

function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: of('paper'),
    ink: of('ink'),
    faint: of('faint'),
    lane: of('lane'),
    arrow: of('arrow'),
    lost: of('lost'),
    chosen: of('chosen'),
    band: of('band'),
  };
}

function drawCross(pen: CanvasRenderingContext2D, x: number, y: number): void {
  pen.moveTo(x - 4, y - 4);
  pen.lineTo(x + 4, y + 4);
  pen.moveTo(x + 4, y - 4);
  pen.lineTo(x - 4, y + 4);
}

function drawHead(pen: CanvasRenderingContext2D, { x1, y1, x2, y2 }: Arrow): void {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 6) return;
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  pen.beginPath();
  pen.moveTo(x2, y2);
  pen.lineTo(x2 - 7 * ux + 3 * uy, y2 - 7 * uy - 3 * ux);
  pen.lineTo(x2 - 7 * ux - 3 * uy, y2 - 7 * uy + 3 * ux);
  pen.fill();
}

function distanceTo({ x1, y1, x2, y2 }: Arrow, x: number, y: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
