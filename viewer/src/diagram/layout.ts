/** The layout of the pictures, one below the other: the boxes of the upper canvas, and the height of the lanes below it. */
import { present } from '../../../src/columns/present.ts';
import type { LaneView, Overview } from '../../../src/recording/views.ts';
import { FAULT_ROW, faultNames } from './draw/draw-axis.ts';
import { laneTops, roomForLanes } from './shapes/message-lanes.ts';
import type { Box } from './surface.ts';

/** The overview strip of the whole run. */
export const STRIP: Box = { top: 0, height: 26 };
export const AXIS: Box = { top: 30, height: 24 };
/** Height of the title above a picture. */
export const TITLE = 16;
const LATENCY_HEIGHT = 84;
const RATE_HEIGHT = 46;

export interface Layout {
  readonly faults: Box;
  /** Left out while a run is stepped through, so that its steps and nodes fit on the screen. */
  readonly plots?: { readonly latency: Box; readonly rate: Box };
  readonly operations: Box;
  /** Total height. */
  readonly height: number;
}

export function layoutOf({ faults, processes }: Overview, isStepping: boolean): Layout {
  const rows = processes.length;
  const faultBox = { top: AXIS.top + AXIS.height, height: faultNames(faults).length * FAULT_ROW };
  const latency = { top: faultBox.top + faultBox.height + TITLE, height: LATENCY_HEIGHT };
  const rate = { top: latency.top + latency.height + TITLE, height: RATE_HEIGHT };
  const above = isStepping ? faultBox : rate;
  const operations = {
    top: above.top + above.height + TITLE,
    height: Math.max(34, Math.min(rows * 17, Math.max(150, Math.min(220, rows * 2)))),
  };
  return {
    faults: faultBox,
    ...(isStepping ? {} : { plots: { latency, rate } }),
    operations,
    height: operations.top + operations.height + 6,
  };
}

/** Returns heights in pixels, including the title: that of the visible part of the lanes, and that of all lanes. */
export function heightOfLanes(
  lanes: readonly LaneView[],
  isStepping: boolean,
): {
  readonly height: number;
  readonly whole: number;
} {
  const whole = Math.ceil(present(laneTops(lanes, isStepping).at(-1))) + TITLE;
  const height = Math.max(80, Math.min(roomForLanes(isStepping) + TITLE, whole));
  return { height, whole: Math.max(height, whole) };
}
