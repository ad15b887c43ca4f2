/** Brings into the diagram what a finding, a step of its story or a drawing is about. */
import type { Signal } from '@preact/signals';
import type { Story, StoryStep } from '../../../src/recording/story.ts';
import type { OpenRun } from '../source/open-run.ts';
import { changeView, type TimeRange, type ViewState } from '../view-state.ts';

/** The least that is shown around a moment. */
const LEAST_NANOS = 2e6;
const MOST_SHOWN = 40;

/** With air on both sides. */
function withAir(from: number, to: number): TimeRange {
  const air = Math.max((to - from) * 0.1, LEAST_NANOS);
  return { from: from - air, to: to + air };
}

/** From what came first to what shows the failure; undefined of a story without steps. */
export function storyRange({ steps }: Story): TimeRange | undefined {
  const times = steps.flatMap(timesOf);
  return times.length === 0 ? undefined : withAir(Math.min(...times), Math.max(...times));
}

const timesOf = ({ timeNanos, arrows }: StoryStep): readonly number[] => [
  timeNanos,
  ...arrows.flatMap(({ sentNanos, endNanos }) =>
    endNanos === undefined ? [sentNanos] : [sentNanos, endNanos],
  ),
];

/** Of the verdict it is the stretch of the operation that shows it. */
export function stepRange({ steps }: Story, step: StoryStep): TimeRange {
  const [operation] = step.operations;
  const about =
    step.kind === 'verdict'
      ? steps.filter(({ operations }) => operation !== undefined && operations.includes(operation))
      : [step];
  const times = about.flatMap(timesOf);
  return withAir(Math.min(...times), Math.max(...times));
}

export async function showOperation(run: OpenRun, number: number, view: Signal<ViewState>): Promise<void> {
  await showOperations(run, [number], view);
}

/** Brings operations into view, outlined. */
export async function showOperations(
  run: OpenRun,
  numbers: readonly number[],
  view: Signal<ViewState>,
): Promise<void> {
  const first = numbers.slice(0, MOST_SHOWN);
  const found = await Promise.all(first.map((number) => run.operation(number).catch(() => undefined)));
  const there = found.filter((operation) => operation !== undefined);
  const [leading] = there;
  if (leading === undefined) return;
  const from = Math.min(...there.map(({ invoked }) => invoked));
  const to = Math.max(...there.map(({ invoked, completed }) => completed ?? invoked));
  changeView(view, {
    range: withAir(from, to),
    shown: there.map(({ index }) => index),
    selection: { kind: 'operation', index: leading.index },
    mark: '',
    tab: 'operations',
  });
}
