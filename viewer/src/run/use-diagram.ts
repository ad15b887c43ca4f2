/** The diagram of a run in its place on the page: made when the place is there, moved by tools, keys and playing. */
import {
  signal,
  useComputed,
  useSignal,
  useSignalEffect,
  type ReadonlySignal,
  type Signal,
} from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Overview, StatesAt } from '../../../src/recording/views.ts';
import type { Windows } from '../diagram/data/window-source.ts';
import { Diagram } from '../diagram/diagram.ts';
import type { Moment } from '../diagram/draw/draw-moment.ts';
import type { OpenRun } from '../source/open-run.ts';
import { theme } from '../theme.ts';
import { changeView, type ViewState } from '../view-state.ts';
import { usePlaying, type Playing } from './use-playing.ts';
import { useStatesAt } from './use-states.ts';

export interface DiagramProps {
  readonly run: OpenRun;
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
  /** When the run was decided, if known. */
  readonly decisiveNanos?: ReadonlySignal<number | undefined>;
  /** End of the time axis, if other than the end of the run. */
  readonly endNanos?: ReadonlySignal<number>;
  /** The current position while the run is stepped through. */
  readonly moment?: ReadonlySignal<Moment | undefined>;
  /** Called with the clicked time while the run is stepped through. */
  readonly onMoment?: (nanos: number) => void;
}

export interface ShownDiagram {
  readonly diagram: { readonly current: Diagram | undefined };
  /** What is in view; undefined until loaded. */
  readonly windows: ReadonlySignal<Windows | undefined>;
  /** What is announced to people who cannot see the diagram. */
  readonly spoken: ReadonlySignal<string>;
  /** The states of the nodes at the chosen time. */
  readonly states: ReadonlySignal<StatesAt | undefined>;
  readonly playing: Playing;
  readonly goTo: (nanos: number) => void;
  /** Goes to the previous or next event; returns whether there was one. */
  readonly stepEvent: (by: 1 | -1) => boolean;
}

const NO_MOMENT = signal(undefined);

export function useDiagram(
  host: { readonly current: HTMLDivElement | null },
  { run, view, overview, endNanos, decisiveNanos, moment = NO_MOMENT, onMoment }: DiagramProps,
  related: Signal<ReadonlySet<number>>,
): ShownDiagram {
  const ownEnd = useComputed(() => overview.value.endNanos);
  const diagram = useRef<Diagram | undefined>(undefined);
  const windows = useSignal<Windows | undefined>(undefined);
  const spoken = useSignal('');
  const pointer = useSignal<number | undefined>(undefined);
  // The time whose states are shown.
  const cursor = useComputed(
    () =>
      moment.value?.nanos ??
      view.value.at ??
      pointer.value ??
      Math.min(view.value.range?.to ?? Infinity, overview.value.endNanos),
  );
  const states = useStatesAt(run, cursor, overview);
  const goTo = (nanos: number): void => {
    changeView(view, { at: nanos });
    const { from, to } = diagram.current?.range.current ?? { from: nanos, to: nanos };
    if (nanos < from || nanos > to)
      diagram.current?.range.show({ from: nanos - (to - from) / 2, to: nanos + (to - from) / 2 });
  };
  const stepEvent = (by: 1 | -1): boolean => {
    const { at, selection, range } = view.peek();
    const here = { nanos: at ?? (by === 1 ? range?.from : range?.to), selection };
    const found = diagram.current?.eventBeside(here, by);
    if (found === undefined) {
      spoken.value = 'No further event is drawn: zoom in where there are many events.';
      return false;
    }
    goTo(found.nanos);
    changeView(view, { selection: found.selection });
    return true;
  };
  const playing = usePlaying(() => stepEvent(1));
  useEffect(() => {
    if (host.current === null) return undefined;
    const made = new Diagram(host.current, {
      run,
      view,
      overview,
      endNanos: endNanos ?? ownEnd,
      related,
      decisiveNanos,
      theme,
      moment,
      onMoment: (nanos) => onMoment?.(nanos),
      onHover: (nanos) => (pointer.value = nanos),
      onEventStep: (by) => void stepEvent(by),
      onPlay: () => (playing.isPlaying.value = !playing.isPlaying.peek()),
      onStateStep: (by) => {
        const { previous, next } = states.peek() ?? {};
        const to = by === 1 ? next : previous;
        if (to !== undefined) goTo(to);
      },
      onWindows: (found) => (windows.value = found),
    });
    diagram.current = made;
    return () => made.close();
  }, [run]);
  // Announced once the view rests.
  useSignalEffect(() => {
    void [view.value.range, windows.value];
    const timer = setTimeout(() => (spoken.value = diagram.current?.describe() ?? ''), 700);
    return () => clearTimeout(timer);
  });
  return { diagram, windows, spoken, states, playing, goTo, stepEvent };
}
