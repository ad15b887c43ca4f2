/** Which nodes and services have a lane: each its own, one for several, or none. */
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { Overview } from '../../../src/recording/views.ts';
import { changeView, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';

type Place = 'own' | 'group' | 'hidden';

export interface LaneChoiceProps {
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
}

export function LaneChoice({ view, overview }: LaneChoiceProps) {
  const { hidden, grouped } = view.value;
  const { names, kinds } = overview.value;
  const lanes = names
    .flatMap((name, at) => {
      const kind = kinds[at];
      return kind === 'node' || kind === 'service' ? [{ name, kind }] : [];
    })
    .toSorted(
      (a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name, undefined, { numeric: true }),
    );
  const put = (name: string, place: Place): void => {
    const without = (list: readonly string[]): readonly string[] => list.filter((other) => other !== name);
    changeView(view, {
      hidden: place === 'hidden' ? [...without(hidden), name] : without(hidden),
      grouped: place === 'group' ? [...without(grouped), name] : without(grouped),
    });
  };
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
          {lanes.map(({ name, kind }) => (
            <li key={name}>
              <label>
                {visible(name)}{' '}
                <select
                  value={hidden.includes(name) ? 'hidden' : grouped.includes(name) ? 'group' : 'own'}
                  onChange={(event) => put(name, event.currentTarget.value as Place)}
                >
                  <option value="own">own lane</option>
                  {kind === 'node' ? <option value="group">in one lane with others</option> : null}
                  <option value="hidden">hidden, with its messages</option>
                </select>
              </label>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
