/** The states of all nodes at one time: that under the pointer, the time clicked, or the end of the visible range. */
import type { ReadonlySignal, Signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Overview, StatesAt, StateWindow } from '../../../src/recording/views.ts';
import { STATE_COLOURS } from '../diagram/palette.ts';
import { momentText } from '../time-text.ts';
import { changeView, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';

/** Maximum number of values named in the legend. */
const MOST_NAMED = 12;
const LONGEST_NAME = 40;

export interface StateTableProps {
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
  readonly states: ReadonlySignal<StatesAt | undefined>;
  /** The states that are drawn. */
  readonly shown: StateWindow | undefined;
  /** Goes to that time and brings it into view. */
  readonly onMoment: (nanos: number) => void;
}

export function StateTable({ view, overview, states, shown, onMoment }: StateTableProps) {
  const said = overview.value.states;
  const found = states.value;
  // Unique, since the comparison shows two runs on one page.
  const heading = useId();
  if (said === undefined || found === undefined) return null;
  const { nanos, previous, next } = found;
  const step = (to: number | undefined) => (): void => {
    if (to !== undefined) onMoment(to);
  };
  return (
    <section class="states" aria-labelledby={heading}>
      <div class="tools">
        <h2 id={heading}>
          States at <span class="states-moment">{momentText(nanos)}</span>
        </h2>
        <button
          type="button"
          disabled={previous === undefined}
          onClick={step(previous)}
          title="Previous change of state (,)"
        >
          ◂ Earlier change
        </button>
        <button
          type="button"
          disabled={next === undefined}
          onClick={step(next)}
          title="Next change of state (.)"
        >
          Later change ▸
        </button>
        {view.value.at === undefined ? null : (
          <button type="button" class="quiet" onClick={() => changeView(view, { at: undefined })}>
            Let go
          </button>
        )}
        {shown === undefined || shown.values.length === 0 ? null : <Values {...shown} />}
      </div>
      <NodeStates {...found} />
      {said.cut.map(({ node, time }) => (
        <p class="faint" key={node}>
          {visible(node)} changed its state too often: nothing is kept of it after {momentText(time, 1e6)}.
        </p>
      ))}
    </section>
  );
}

function NodeStates({ nanos, fields, nodes }: StatesAt) {
  return (
    <div class="scroll-x" tabIndex={0} role="group" aria-label="States of the nodes">
      <table aria-label="States of the nodes">
        <thead>
          <tr>
            <th scope="col">Node</th>
            {fields.map((field) => (
              <th scope="col" key={field}>
                {visible(field)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map(({ node, values, since, is }) => (
            <tr key={node} data-node={node}>
              <th scope="row">{visible(node)}</th>
              {is === 'known' ? (
                values.map((value, at) => (
                  <td
                    key={fields[at]}
                    class={since[at] === nanos ? 'changed' : ''}
                    title={sinceText(value, since[at])}
                  >
                    {value === null ? <span class="faint">–</span> : visible(value)}
                  </td>
                ))
              ) : (
                <td class="faint" colSpan={Math.max(1, fields.length)}>
                  {SILENCE[is]}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const SILENCE = {
  silent: 'has said nothing yet',
  ended: 'does not run',
  cut: 'not kept: it changed too often',
} as const;

const sinceText = (value: string | null, since: number | null | undefined): string =>
  value === null || typeof since !== 'number' ? '' : `since ${momentText(since)}`;

/** The legend of the lanes' colours. */
function Values({ field, values }: StateWindow) {
  const named = values.slice(0, MOST_NAMED);
  return (
    <ul class="state-values" aria-label={`Colours of ${visible(field)}`}>
      {named.map(({ number, text }) => (
        <li key={number}>
          <span class={`state-colour state${number % STATE_COLOURS}`} aria-hidden="true" />{' '}
          {visible(text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text)}
        </li>
      ))}
      {values.length > named.length ? <li class="faint">and {values.length - named.length} more</li> : null}
    </ul>
  );
}
