/** Everything that the pictures depend on, and the part of it that each picture shows. */
import type { MessageWindow, OperationWindow, Overview } from '../../../src/recording/views.ts';
import { NO_FIELD, type TimeRange, type ViewState } from '../view-state.ts';
import type { Moment } from './draw/draw-moment.ts';
import type { OperationPicture } from './draw/draw-operations.ts';
import { TITLE } from './layout.ts';
import { laneTops, type MessagePicture } from './shapes/message-lanes.ts';
import type { Windows } from './data/window-source.ts';

export interface Scene {
  readonly view: ViewState;
  readonly range: TimeRange;
  readonly overview: Overview;
  /** When the run was decided, in nanoseconds; undefined if not known. */
  readonly decisive: number | undefined;
  /** Ids of messages related to the selection. */
  readonly related: ReadonlySet<number>;
  /** Undefined until something has been loaded. */
  readonly windows: Windows | undefined;
  /** How far the lanes are scrolled, in pixels. */
  readonly scrolled: number;
  /** The current position while the run is stepped through. */
  readonly moment: Moment | undefined;
}

export function operationPicture({ view, overview }: Scene, data: OperationWindow): OperationPicture {
  const { selection, shown } = view;
  const { processes, endNanos } = overview;
  return {
    data,
    processes,
    selected: selection?.kind === 'operation' ? selection.index : undefined,
    shown: new Set(shown),
    endNanos,
  };
}

export function messagePicture(
  { view, overview, related, scrolled, moment, windows }: Scene,
  data: MessageWindow,
): MessagePicture {
  const { selection, mark, payload } = view;
  const { faults, endNanos } = overview;
  return {
    data,
    states: windows?.states,
    hasPayload: payload !== NO_FIELD,
    tops: laneTops(data.lanes, moment !== undefined),
    scroll: scrolled - TITLE,
    selected: selection?.kind === 'message' ? selection.id : undefined,
    related,
    isMarking: mark !== '',
    faults,
    endNanos,
  };
}
