/** The geometry of the state strips on the lanes, in pixels: for drawing, and for hit testing. */
import { present } from '../../../../src/columns/present.ts';
import type { StateLane, StateWindow } from '../../../../src/recording/views.ts';
import { visible } from '../../visible-text.ts';
import { laneY, type MessagePicture } from './message-lanes.ts';
import { GUTTER, xOf, type TimeAxis } from '../surface.ts';

/** Maximum distance of the pointer from the middle of the lane, in pixels. */
const REACH = 8;
/** Distance of the pointer from a change, in pixels, below which it points at the change. */
const NEAR = 4;

export interface StatePart {
  readonly left: number;
  readonly width: number;
  readonly value: number;
  /** Whether its start is in view. */
  readonly begins: boolean;
}

export interface StateShape {
  readonly lane: number;
  readonly parts: readonly StatePart[];
  /** Times of changes in view, in nanoseconds. */
  readonly changes: readonly number[];
}

export function shapesOf(
  axis: TimeAxis,
  { data, endNanos }: Pick<MessagePicture, 'data' | 'endNanos'>,
  states: StateWindow,
): StateShape[] {
  const laneOf = new Map(data.lanes.map(({ label }, lane) => [label, lane]));
  return states.lanes.flatMap((said) => {
    const lane = laneOf.get(said.node);
    if (lane === undefined) return [];
    const changes = said.changes.filter((nanos) => {
      const x = xOf(axis, nanos);
      return x >= GUTTER && x <= axis.width;
    });
    return [{ lane, parts: partsOf(axis, said, endNanos), changes }];
  });
}

/** Returns the visible parts: each is at least one pixel wide, and of several within one pixel the last remains. */
export function partsOf(
  axis: TimeAxis,
  { time, value }: Pick<StateLane, 'time' | 'value'>,
  endNanos: number,
): StatePart[] {
  const parts: StatePart[] = [];
  const right = Math.min(axis.width, xOf(axis, endNanos));
  for (const [at, from] of time.entries()) {
    const begin = Math.max(GUTTER, xOf(axis, from));
    const next = time[at + 1];
    const end = Math.min(right, next === undefined ? right : xOf(axis, next));
    const number = present(value[at]);
    if (number === -1 || end <= begin || begin >= right) continue;
    const last = parts.at(-1);
    if (end - begin < 1 && last !== undefined && begin - last.left < 1) parts.pop();
    parts.push({
      left: begin,
      width: Math.max(1, end - begin),
      value: number,
      begins: xOf(axis, from) >= GUTTER,
    });
  }
  return parts;
}

export interface StateHit {
  readonly label: string;
  /** The time of the change, for a click. */
  readonly at: number | undefined;
}

/** Returns the node's state, or its change, at that point. */
export function stateAt(axis: TimeAxis, picture: MessagePicture, x: number, y: number): StateHit | undefined {
  const { states, data } = picture;
  if (states === undefined || x < GUTTER) return undefined;
  for (const said of states.lanes) {
    const lane = data.lanes.findIndex(({ label }) => label === said.node);
    if (lane === -1 || Math.abs(y - laneY(picture, lane)) > REACH) continue;
    const change = nearest(axis, said.changes, x);
    const text = change === undefined ? undefined : said.changeTexts?.[change];
    if (change !== undefined)
      return {
        label:
          text === undefined || text === ''
            ? `${said.node}: its state changes`
            : `${said.node}: ${visible(text)}`,
        at: said.changes[change],
      };
    const nanos =
      axis.range.from + ((x - GUTTER) / (axis.width - GUTTER)) * (axis.range.to - axis.range.from);
    const row = said.time.findLastIndex((from) => from <= nanos);
    const value = states.values.find(({ number }) => number === said.value[row]);
    if (value === undefined || nanos > picture.endNanos) return undefined;
    return { label: `${said.node}: ${visible(states.field)} ${visible(value.text)}`, at: undefined };
  }
  return undefined;
}

function nearest(axis: TimeAxis, times: readonly number[], x: number): number | undefined {
  let best: number | undefined;
  let distance = NEAR;
  for (const [at, nanos] of times.entries()) {
    const away = Math.abs(xOf(axis, nanos) - x);
    if (away >= distance) continue;
    distance = away;
    best = at;
  }
  return best;
}
