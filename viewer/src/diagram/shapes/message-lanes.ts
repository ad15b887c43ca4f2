/** The contents of the space-time diagram, and the position of each endpoint's lane. */
import { present } from '../../../../src/columns/present.ts';
import type { FaultView, LaneView, MessageWindow, StateWindow } from '../../../../src/recording/views.ts';

const MIN_LANE = 15;
const MAX_LANE = 46;

export interface MessagePicture {
  readonly data: MessageWindow;
  /** The states that nodes reported; undefined when lanes are not coloured. */
  readonly states: StateWindow | undefined;
  /** Whether payloads are written on arrows. */
  readonly hasPayload: boolean;
  /** Top of each lane in pixels, followed by the bottom of the last one. */
  readonly tops: readonly number[];
  /** How far the lanes are scrolled, in pixels. */
  readonly scroll: number;
  readonly selected: number | undefined;
  /** Ids of messages to highlight with the selected one: its request and replies. */
  readonly related: ReadonlySet<number>;
  readonly isMarking: boolean;
  readonly faults: readonly FaultView[];
  readonly endNanos: number;
}

/** Returns the maximum visible height of the lanes, in pixels; stepping leaves room for what is below them. */
export function roomForLanes(isStepping: boolean): number {
  if (isStepping) return Math.max(200, Math.min(400, globalThis.innerHeight * 0.34));
  return Math.max(240, Math.min(600, globalThis.innerHeight * 0.58));
}

/** Returns the top of each lane and the bottom of the last one. Lanes of clients and services are narrower than nodes'. */
export function laneTops(lanes: readonly LaneView[], isStepping: boolean): number[] {
  const weights = lanes.map(({ kind }) => (kind === 'node' ? 1 : 0.55));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const most = lanes.length <= 4 ? 2 * MAX_LANE : MAX_LANE;
  const unit = Math.min(most, roomForLanes(isStepping) / Math.max(1, sum));
  let top = 0;
  return [top, ...weights.map((weight) => (top += Math.max(MIN_LANE, unit * weight)))];
}

/** Returns the lane of each endpoint, including those that share one. */
export function lanesByName(lanes: readonly LaneView[]): ReadonlyMap<string, number> {
  return new Map(
    lanes.flatMap(({ label, nodes = [] }, lane) =>
      [label, ...nodes].map((name): readonly [string, number] => [name, lane]),
    ),
  );
}

/** Returns the middle of the lane, where its line is drawn and its arrows start and end. */
export function laneY({ tops, scroll }: MessagePicture, lane: number): number {
  return (present(tops[lane]) + present(tops[lane + 1])) / 2 - scroll;
}

export function laneHeight({ tops }: MessagePicture, lane: number): number {
  return present(tops[lane + 1]) - present(tops[lane]);
}
