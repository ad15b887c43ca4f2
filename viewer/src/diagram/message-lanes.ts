/** What the space-time diagram shows, and where in it the lane of each endpoint lies. */
import { present } from '../../../src/columns/present.ts';
import type { FaultView, LaneView, MessageWindow, StateWindow } from '../../../src/recording/views.ts';

const MIN_LANE = 15;
const MAX_LANE = 46;

export interface MessagePicture {
  readonly data: MessageWindow;
  /** What nodes said of their states; undefined when lanes are not coloured. */
  readonly states: StateWindow | undefined;
  /** Whether what messages carry is written on their arrows. */
  readonly hasPayload: boolean;
  /** Where each lane begins, and where the last ends. */
  readonly tops: readonly number[];
  /** How far the lanes are scrolled up. */
  readonly scroll: number;
  readonly selected: number | undefined;
  /** Messages beside the selected one that are to stand out: its request and replies. */
  readonly related: ReadonlySet<number>;
  readonly isMarking: boolean;
  readonly faults: readonly FaultView[];
  readonly endNanos: number;
}

/** How tall the space-time diagram may be before it scrolls: less while a run is stepped through, for what stands below it. */
export function roomForLanes(isStepping: boolean): number {
  if (isStepping) return Math.max(200, Math.min(400, globalThis.innerHeight * 0.34));
  return Math.max(240, Math.min(600, globalThis.innerHeight * 0.58));
}

/** Where each lane begins, and where the last one ends. Lanes of clients are narrower: what matters is among nodes. */
export function laneTops(lanes: readonly LaneView[], isStepping: boolean): number[] {
  const weights = lanes.map(({ kind }) => (kind === 'node' ? 1 : 0.55));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const most = lanes.length <= 4 ? 2 * MAX_LANE : MAX_LANE;
  const unit = Math.min(most, roomForLanes(isStepping) / Math.max(1, sum));
  let top = 0;
  return [top, ...weights.map((weight) => (top += Math.max(MIN_LANE, unit * weight)))];
}

/** The lane of each that has one, also of those that share one. */
export function lanesByName(lanes: readonly LaneView[]): ReadonlyMap<string, number> {
  return new Map(
    lanes.flatMap(({ label, nodes = [] }, lane) =>
      [label, ...nodes].map((name): readonly [string, number] => [name, lane]),
    ),
  );
}

/** The middle of the lane: where its line is drawn and its arrows begin and end. */
export function laneY({ tops, scroll }: MessagePicture, lane: number): number {
  return (present(tops[lane]) + present(tops[lane + 1])) / 2 - scroll;
}

export function laneHeight({ tops }: MessagePicture, lane: number): number {
  return present(tops[lane + 1]) - present(tops[lane]);
}
