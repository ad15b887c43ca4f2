/** Chooses the lanes of nodes and services: one each, one for several, or none. */
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { Overview } from '../../../src/recording/views.ts';
import { changeView, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';

type LaneKind = 'own' | 'group' | 'hidden';

export interface LaneChoiceProps {
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
}

/** Above this number of nodes, all of them can be moved at once. */
const FEW = 5;

export function LaneChoice({ view, overview }: LaneChoiceProps) {
  const { hidden, grouped } = view.value;
  const { lanes } = overview.value;
  const nodes = lanes.flatMap(({ label, kind }) => (kind === 'node' ? [label] : []));
  const put = (names: readonly string[], place: LaneKind): void => {
    const without = (list: readonly string[]): readonly string[] =>
      list.filter((other) => !names.includes(other));
    changeView(view, {
      hidden: place === 'hidden' ? [...without(hidden), ...names] : without(hidden),
      grouped: place === 'group' ? [...without(grouped), ...names] : without(grouped),
    });
  };
  const placeOf = (name: string): LaneKind =>
    hidden.includes(name) ? 'hidden' : grouped.includes(name) ? 'group' : 'own';
  const places = new Set(nodes.map(placeOf));
  const said = [
    ...(hidden.length === 0 ? [] : [`${hidden.length} hidden`]),
    ...(grouped.length < 2 ? [] : [`${grouped.length} in one lane`]),
  ].join(', ');
  return (
    <details class="legend lane-choice">
      <summary>Nodes{said === '' ? '' : `: ${said}`}</summary>
      <div>
        {said === '' ? null : (
          <button type="button" onClick={() => changeView(view, { hidden: [], grouped: [] })}>
            Show each in its lane
          </button>
        )}
        <ul>
          {nodes.length <= FEW ? null : (
            <PlaceOf
              name={`all ${nodes.length} nodes`}
              place={places.size === 1 ? [...places][0] : undefined}
              canShare
              onPut={(place) => put(nodes, place)}
            />
          )}
          {lanes.map(({ label, kind }) => (
            <PlaceOf
              key={label}
              name={label}
              place={placeOf(label)}
              canShare={kind === 'node'}
              onPut={(place) => put([label], place)}
            />
          ))}
        </ul>
      </div>
    </details>
  );
}

interface PlaceOfProps {
  readonly name: string;
  /** Undefined if they are in different places. */
  readonly place: LaneKind | undefined;
  readonly canShare: boolean;
  readonly onPut: (place: LaneKind) => void;
}

function PlaceOf({ name, place, canShare, onPut }: PlaceOfProps) {
  return (
    <li>
      <label>
        {visible(name)}{' '}
        <select value={place ?? ''} onChange={(event) => onPut(event.currentTarget.value as LaneKind)}>
          {place === undefined ? (
            <option value="" disabled>
              not all alike
            </option>
          ) : null}
          <option value="own">own lane</option>
          {canShare ? <option value="group">in one lane with others</option> : null}
          <option value="hidden">hidden, with its messages</option>
        </select>
      </label>
    </li>
  );
}
