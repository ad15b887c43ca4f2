/** The toolbar over the pictures of a run: filter, zoom, steps from event to event, and what lanes and arrows show. */
import { useComputed, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { Overview } from '../../../src/recording/views.ts';
import type { ViewRange } from '../diagram/view-range.ts';
import { knowsMessages } from '../source/knows-messages.ts';
import { changeView, NO_FIELD, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';
import { LaneChoice } from './lane-choice.tsx';
import { Legend } from './legend.tsx';
import { SPEEDS, type Playing } from './use-playing.ts';

export interface PictureToolsProps {
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
  /** The fields of the bodies in view. */
  readonly fields: readonly string[];
  readonly playing: Playing;
  readonly onStep: (by: 1 | -1) => void;
  readonly onMove: (move: (range: ViewRange) => void) => void;
}

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

export function PictureTools({ view, overview, fields, playing, onStep, onMove }: PictureToolsProps) {
  return (
    <div class="tools" role="toolbar" aria-label="View">
      <Search view={view} />
      {MOVES.map(({ sign, name, key, move }) => (
        <button
          key={name}
          type="button"
          onClick={() => onMove(move)}
          aria-label={name}
          title={`${name} (${key})`}
        >
          {sign}
        </button>
      ))}
      <button
        type="button"
        onClick={() => onMove((range) => range.show(undefined))}
        title="The whole run (0)"
      >
        Whole run
      </button>
      <EventButtons {...playing} onStep={onStep} />
      {knowsMessages(overview.value) ? (
        <>
          <ClientLanes view={view} />
          <PayloadChoice view={view} fields={fields} />
          <LaneChoice view={view} overview={overview} />
        </>
      ) : null}
      {overview.value.states === undefined ? null : <FieldChoice view={view} overview={overview} />}
      <Legend />
    </div>
  );
}

function ClientLanes({ view }: Pick<PictureToolsProps, 'view'>) {
  return (
    <label>
      Clients{' '}
      <select
        value={view.value.clients}
        onChange={(event) => changeView(view, { clients: event.currentTarget.value as ViewState['clients'] })}
      >
        <option value="auto">as fits</option>
        <option value="one">in one lane</option>
        <option value="each">each its lane</option>
      </select>
    </label>
  );
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

/** Chooses the field written on arrows. The chosen field stays on the list even if no arrow in view has it. */
function PayloadChoice({ view, fields }: Pick<PictureToolsProps, 'view' | 'fields'>) {
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

function FieldChoice({ view, overview }: Pick<PictureToolsProps, 'view' | 'overview'>) {
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

function Search({ view }: Pick<PictureToolsProps, 'view'>) {
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
