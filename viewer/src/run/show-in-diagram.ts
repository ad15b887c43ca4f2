/** Shows in the diagram what a finding, a step of its story or a drawing is about. */
import type { Signal } from '@preact/signals';
import type { Story, StoryStep } from '../../../src/recording/story.ts';
import type { OpenRun } from '../source/open-run.ts';
import { changeView, type TimeRange, type ViewState } from '../view-state.ts';

/** Minimum margin around a moment. */
const LEAST_NANOS = 2e6;
const MOST_SHOWN = 40;

/** Scrolls to the diagram, which is below the findings, unless it begins in the upper half of the window. */
export function lookAtDiagram(): void {
  const area = document.querySelector('.picture-area');
  const top = area?.getBoundingClientRect().top ?? 0;
  if (top < 0 || top > window.innerHeight / 2) area?.scrollIntoView({ block: 'start' });
}

/** Returns the range with a margin on both sides. */
function withAir(from: number, to: number): TimeRange {
  const air = Math.max((to - from) * 0.1, LEAST_NANOS);
  return { from: from - air, to: to + air };
}

/** Returns the range from the first event of the story to its failure, or undefined if it has no steps. */
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

/** Returns the range of a step; for the verdict, the range of the steps about the operation that shows it. */
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

/** Brings operations into view and outlines them. */
export async function showOperations(
  run: OpenRun,
  numbers: readonly number[],
  view: Signal<ViewState>,
): Promise<void> {
  const first = numbers.slice(0, MOST_SHOWN);
  const found = await Promise.all(first.map((number) => run.operation(number).catch(() => undefined)));
  const there = found.filter((operation) => operation !== undefined);
  const [leading] = there;
  if (leading === undefined) {
    // The details of the selection explain why it is missing.
    changeView(view, {
      selection: first[0] === undefined ? undefined : { kind: 'operation', index: first[0] },
    });
    return;
  }
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
