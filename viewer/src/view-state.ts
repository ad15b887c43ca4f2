/**
 * What the page of a run shows: the time range, the filter, the selection and the marked messages. It is stored in the
 * URL, so that a link opens exactly this view.
 */

import type { Signal } from '@preact/signals';

export type Selection =
  { readonly kind: 'message'; readonly id: number } | { readonly kind: 'operation'; readonly index: number };

export interface ViewState {
  /** In nanoseconds; undefined for the whole run. */
  readonly range: TimeRange | undefined;
  readonly query: string;
  readonly selection: Selection | undefined;
  /**
   * Which messages are marked: those that message 42 caused (`caused:42`), those that led to it (`led:42`), or those of its
   * request (`way:42`). Empty if none.
   */
  readonly mark: string;
  readonly clients: 'auto' | 'one' | 'each';
  readonly tab: string;
  /** Indices of the operations that a finding points at. */
  readonly shown: readonly number[];
  /** The state field that colours the lanes: the first field if empty, none if NO_FIELD. */
  readonly field: string;
  /** Endpoints that are hidden. */
  readonly hidden: readonly string[];
  /** Nodes that share a lane. */
  readonly grouped: readonly string[];
  /** The body field written on arrows: a summary of the body if empty, nothing if NO_FIELD. */
  readonly payload: string;
  /** The time whose states are shown, in nanoseconds; undefined while it follows the pointer. */
  readonly at: number | undefined;
  /** The position of the stepper; undefined when the run is not being stepped through. */
  readonly step: StepPlace | undefined;
}

export interface StepPlace {
  readonly event: number;
  /** How the branch was made, in the format of travel/forks.ts; empty for the recorded run. */
  readonly branch: string;
  /** Name of the endpoint whose events alone are stepped through, or empty. */
  readonly node: string;
}

export function changeView(view: Signal<ViewState>, part: Partial<ViewState>): void {
  view.value = { ...view.peek(), ...part };
}

export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Minimum width of the visible range in nanoseconds. */
export const MIN_SPAN = 200;

const LONGEST_WORD = 4000;
const MOST_NAMES = 200;
/** Stands for "no field". */
export const NO_FIELD = '-';

/** `t=100-200&q=type%3Aread&m=42&mark=caused%3A42` */
export function writeView(view: ViewState, prefix = ''): URLSearchParams {
  const words = new URLSearchParams();
  const set = (key: string, value: string): void => {
    if (value !== '') words.set(prefix + key, value);
  };
  if (view.range !== undefined) set('t', `${round(view.range.from)}-${round(view.range.to)}`);
  set('q', view.query);
  if (view.selection?.kind === 'message') set('m', String(view.selection.id));
  if (view.selection?.kind === 'operation') set('o', String(view.selection.index));
  set('mark', view.mark);
  if (view.clients !== 'auto') set('clients', view.clients);
  if (view.tab !== 'messages') set('tab', view.tab);
  set('field', view.field);
  set('hidden', namesText(view.hidden));
  set('grouped', namesText(view.grouped));
  set('payload', view.payload);
  if (view.at !== undefined) set('at', String(round(view.at)));
  set('shown', view.shown.slice(0, 50).join('.'));
  if (view.step !== undefined) {
    set('step', String(view.step.event));
    set('branch', view.step.branch);
    set('of', view.step.node);
  }
  return words;
}

/** Parses a view. Invalid parts are ignored, since the URL can come from anywhere. */
export function readView(text: string, prefix = ''): ViewState {
  const words = new URLSearchParams(text.replace(/^#/, ''));
  const word = (key: string): string => words.get(prefix + key) ?? '';
  const [, from, to] = /^(-?[\d.]+)-(-?[\d.]+)$/.exec(word('t')) ?? [];
  const range = from === undefined ? undefined : { from: Number(from), to: Number(to) };
  const isRange = range !== undefined && range.to - range.from >= MIN_SPAN / 2;
  const clients = word('clients');
  return {
    range: isRange ? range : undefined,
    query: word('q').slice(0, 1000),
    selection: readSelection(word('m'), word('o')),
    mark: /^(caused|led|way):\d+$/.test(word('mark')) ? word('mark') : '',
    clients: clients === 'one' || clients === 'each' ? clients : 'auto',
    tab: /^[a-z]+$/.test(word('tab')) ? word('tab') : 'messages',
    shown: /^\d+(\.\d+)*$/.test(word('shown')) ? word('shown').split('.').map(Number) : [],
    field: word('field').slice(0, 200),
    hidden: namesIn(word('hidden')),
    grouped: namesIn(word('grouped')),
    payload: word('payload').slice(0, 200),
    at: /^-?\d{1,16}(\.\d+)?$/.test(word('at')) ? Number(word('at')) : undefined,
    step: /^\d{1,15}$/.test(word('step'))
      ? {
          event: Number(word('step')),
          branch: word('branch').slice(0, LONGEST_WORD),
          node: word('of').slice(0, LONGEST_WORD),
        }
      : undefined,
  };
}

function readSelection(message: string, operation: string): Selection | undefined {
  if (/^\d+$/.test(message)) return { kind: 'message', id: Number(message) };
  return /^\d+$/.test(operation) ? { kind: 'operation', index: Number(operation) } : undefined;
}

const namesText = (names: readonly string[]): string =>
  names
    .slice(0, MOST_NAMES)
    .map((name) => encodeURIComponent(name))
    .join(',');

function namesIn(text: string): readonly string[] {
  try {
    return text
      .slice(0, LONGEST_WORD)
      .split(',', MOST_NAMES)
      .filter((name) => name !== '')
      .map((name) => decodeURIComponent(name));
  } catch {
    return [];
  }
}

const round = (nanos: number): number => Math.round(nanos * 10) / 10;

/** Limits the range to the run, with a small margin at both ends, and to widths that can be drawn. */
export function clampRange({ from, to }: TimeRange, run: TimeRange): TimeRange {
  const whole = run.to - run.from;
  const air = whole * 0.02 + MIN_SPAN;
  const span = Math.min(Math.max(to - from, MIN_SPAN), whole + 2 * air);
  const middle = (from + to) / 2;
  const start = Math.min(Math.max(middle - span / 2, run.from - air), run.to + air - span);
  return { from: start, to: start + span };
}

export function zoomed({ from, to }: TimeRange, factor: number, at: number): TimeRange {
  return { from: at - (at - from) * factor, to: at + (to - at) * factor };
}

export function panned({ from, to }: TimeRange, by: number): TimeRange {
  return { from: from + by, to: to + by };
}
