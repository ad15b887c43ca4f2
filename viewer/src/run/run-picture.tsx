/** The pictures of a run with their controls: filter, zoom, legend, and the details of the selection. */
import {
  signal,
  useComputed,
  useSignal,
  useSignalEffect,
  type ReadonlySignal,
  type Signal,
} from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Overview } from '../../../src/recording/views.ts';
import { Details } from './details.tsx';
import { Diagram } from '../diagram/diagram.ts';
import type { Moment } from '../diagram/draw/draw-moment.ts';
import type { ViewRange } from '../diagram/view-range.ts';
import type { Windows } from '../diagram/data/window-source.ts';
import { FollowPanel } from '../follow/follow-panel.tsx';
import { StateTable } from './state-table.tsx';
import { useStatesAt } from './use-states.ts';
import { LaneChoice } from './lane-choice.tsx';
import { SPEEDS, usePlaying, type Playing } from './use-playing.ts';
import { Legend } from './legend.tsx';
import { knowsMessages } from '../source/knows-messages.ts';
import type { OpenRun } from '../source/open-run.ts';
import { theme } from '../theme.ts';
import { counted } from '../time-text.ts';
import { changeView, NO_FIELD, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';

const MOVES: readonly {
  readonly sign: string;
  readonly name: string;
  readonly key: string;
  readonly move: (range: ViewRange) => void;
}[] = [
  { sign: '+', name: 'Zoom in', key: '+', move: (range) => range.zoom(0.5) },
  { sign: '−', name: 'Zoom out', key: '-', move: (range) => range.zoom(2) },
  { sign: '←', name: 'Earlier', key: '←', move: (range) => range.pan(-0.5) },
  { sign: '→', name: 'Later', key: '→', move: (range) => range.pan(0.5) },
];

export interface RunPictureProps {
  readonly run: OpenRun;
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
  readonly label: string;
  /** When the run was decided, if known. */
  readonly decisiveNanos?: ReadonlySignal<number | undefined>;
  /** End of the time axis, if other than the end of the run. */
  readonly endNanos?: ReadonlySignal<number>;
  /** The current position while the run is stepped through. */
  readonly moment?: ReadonlySignal<Moment | undefined>;
  /** Called with the clicked time while the run is stepped through. */
  readonly onMoment?: (nanos: number) => void;
}

const NO_MOMENT = signal(undefined);

export function RunPicture(props: RunPictureProps) {
  const { run, view, overview, label, endNanos, decisiveNanos, moment = NO_MOMENT, onMoment } = props;
  const ownEnd = useComputed(() => overview.value.endNanos);
  const host = useRef<HTMLDivElement>(null);
  const diagram = useRef<Diagram | undefined>(undefined);
  const related = useSignal<ReadonlySet<number>>(new Set());
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
    change({ at: nanos });
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
    change({ selection: found.selection });
    return true;
  };
  const playing = usePlaying(() => stepEvent(1));
  const marked = useComputed(() => windows.value?.messages.marked);

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

  const change = (part: Partial<ViewState>): void => changeView(view, part);
  return (
    <section class="picture-area" aria-label={label}>
      <div class="tools" role="toolbar" aria-label="View">
        <Search view={view} />
        {MOVES.map(({ sign, name, key, move }) => (
          <button
            key={name}
            type="button"
            onClick={() => diagram.current !== undefined && move(diagram.current.range)}
            aria-label={name}
            title={`${name} (${key})`}
          >
            {sign}
          </button>
        ))}
        <button
          type="button"
          onClick={() => diagram.current?.range.show(undefined)}
          title="The whole run (0)"
        >
          Whole run
        </button>
        <EventButtons {...playing} onStep={(by) => void stepEvent(by)} />
        {knowsMessages(overview.value) ? (
          <>
            <label>
              Clients{' '}
              <select
                value={view.value.clients}
                onChange={(event) => change({ clients: event.currentTarget.value as ViewState['clients'] })}
              >
                <option value="auto">as fits</option>
                <option value="one">in one lane</option>
                <option value="each">each its lane</option>
              </select>
            </label>
            <PayloadChoice view={view} fields={windows.value?.messages.fields ?? NO_FIELDS} />
            <LaneChoice view={view} overview={overview} />
          </>
        ) : null}
        {overview.value.states === undefined ? null : <FieldChoice view={view} overview={overview} />}
        <Legend />
      </div>
      {view.value.mark === '' && view.value.shown.length === 0 ? null : (
        <p class="note" role="status">
          {view.value.mark === ''
            ? `${counted(view.value.shown.length, 'operation')} shown by the results ${view.value.shown.length === 1 ? 'is' : 'are'} outlined. `
            : `${markText(view.value.mark)}: ${marked.value === undefined ? '…' : counted(marked.value, 'message')}. `}
          <button type="button" onClick={() => change({ mark: '', shown: [] })}>
            Show all alike
          </button>
        </p>
      )}
      <div class={view.value.selection === undefined ? 'split' : 'split with-details'}>
        <div
          class="picture"
          ref={host}
          tabIndex={0}
          role="application"
          aria-roledescription="timeline"
          aria-label={`${label}. Arrow keys move, plus and minus zoom, 0 shows the whole run, n and p select the next and previous message, Escape clears. The tables below have the same data as text.`}
        />
        {view.value.selection === undefined ? null : (
          <Details
            run={run}
            view={view}
            related={related}
            onShow={(range) => diagram.current?.range.show(range)}
          />
        )}
      </div>
      <FollowPanel run={run} view={view} onShow={(range) => diagram.current?.range.show(range)} />
      <StateTable
        view={view}
        overview={overview}
        states={states}
        shown={windows.value?.states}
        onMoment={goTo}
      />
      <p class="hidden" aria-live="polite">
        {spoken.value}
      </p>
    </section>
  );
}

function markText(mark: string): string {
  const [kind, id] = mark.split(':');
  if (kind === 'caused') return `What message ${id} may have caused`;
  if (kind === 'led') return `What may have caused message ${id}`;
  return `The path of the request of message ${id} through the cluster`;
}

/** As many examples as fit on a phone. */
const FIRST_EXAMPLES = 'type:read is:lost value:5';

interface EventButtonsProps extends Playing {
  readonly onStep: (by: 1 | -1) => void;
}

function EventButtons({ isPlaying, speed, onStep }: EventButtonsProps) {
  return (
    <span class="together" role="group" aria-label="Event by event">
      <button type="button" onClick={() => onStep(-1)} aria-label="Earlier event" title="Earlier event (q)">
        ◂
      </button>
      <button
        type="button"
        aria-pressed={isPlaying.value}
        onClick={() => (isPlaying.value = !isPlaying.value)}
        title="From event to event (space)"
      >
        {isPlaying.value ? 'Stop' : 'Play'}
      </button>
      <button type="button" onClick={() => onStep(1)} aria-label="Later event" title="Later event (e)">
        ▸
      </button>
      <select
        aria-label="How fast"
        value={speed.value}
        onChange={(event) => (speed.value = Number(event.currentTarget.value))}
      >
        {SPEEDS.map(({ name }, at) => (
          <option key={name} value={at}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}

const NO_FIELDS: readonly string[] = [];

/** Chooses the field written on arrows. The chosen field stays on the list even if no arrow in view has it. */
function PayloadChoice({
  view,
  fields,
}: Pick<RunPictureProps, 'view'> & { readonly fields: readonly string[] }) {
  const { payload } = view.value;
  const isListed = payload === '' || payload === NO_FIELD || fields.includes(payload);
  return (
    <label>
      On arrows{' '}
      <select value={payload} onChange={(event) => changeView(view, { payload: event.currentTarget.value })}>
        <option value="">what they carry</option>
        <option value={NO_FIELD}>their types</option>
        {[...(isListed ? [] : [payload]), ...fields].map((name) => (
          <option key={name} value={name}>
            {visible(name)}
          </option>
        ))}
      </select>
    </label>
  );
}

function FieldChoice({ view, overview }: Pick<RunPictureProps, 'view' | 'overview'>) {
  const fields = overview.value.states?.fields ?? [];
  const { field } = view.value;
  const chosen = field === NO_FIELD || fields.includes(field) ? field : (fields[0] ?? NO_FIELD);
  return (
    <label>
      Lanes by{' '}
      <select value={chosen} onChange={(event) => changeView(view, { field: event.currentTarget.value })}>
        {fields.map((name) => (
          <option key={name} value={name}>
            {visible(name)}
          </option>
        ))}
        <option value={NO_FIELD}>no state</option>
      </select>
    </label>
  );
}

const EXAMPLES = 'type:read node:n1 is:lost value:5 "text" id:42 f:read outcome:fail';

function Search({ view }: { readonly view: Signal<ViewState> }) {
  const [text, setText] = useState(view.value.query);
  // Ignores other changes of the view while the user types.
  const query = useComputed(() => view.value.query);
  useSignalEffect(() => setText(query.value));
  useEffect(() => {
    if (text === view.peek().query) return undefined;
    const timer = setTimeout(() => changeView(view, { query: text }), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label class="grow">
      Filter{' '}
      <input
        type="search"
        value={text}
        placeholder={FIRST_EXAMPLES}
        title={`All terms must hold: ${EXAMPLES}`}
        spellcheck={false}
        autocapitalize="none"
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </label>
  );
}
