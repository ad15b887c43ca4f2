/** A node's state as reported by its program, with the changes made by its last turn. */
import type { NodeView, StateChange } from '../../../src/recording/travel-view.ts';
import { countText } from '../time-text.ts';
import { visible } from '../visible-text.ts';
import { MoreOf } from './more-of.tsx';
import { pathText, stateLines, type StateLine } from './state-lines.ts';

export function NodeState({ node }: { readonly node: NodeView }) {
  const { state, changes, isTurn, lastTurn, condition } = node;
  const isUp = condition === 'running' || condition === 'paused';
  switch (state.kind) {
    case 'none':
      return (
        <p class="faint">
          {isUp ? (
            <>
              No state: a program shows its state with <code>node.inspect</code>.
            </>
          ) : (
            `No state: ${condition === 'starting' ? 'its program has not begun' : 'it does not run'}.`
          )}
        </p>
      );
    case 'problem':
      return (
        <>
          <h5>State</h5>
          <p class="note">It cannot be shown: {visible(state.message)}</p>
        </>
      );
    case 'long':
      return (
        <>
          <h5>State</h5>
          <p class="faint">
            The beginning of {countText(state.characters)} characters, too many to show as a tree.
          </p>
          <pre class="body">{visible(state.beginning)}</pre>
          <Changes node={node} />
        </>
      );
    case 'shown':
      return (
        <>
          <h5>
            State{' '}
            {lastTurn === undefined ? null : (
              <span class="faint">{isTurn ? 'after this turn' : `since event ${countText(lastTurn)}`}</span>
            )}
          </h5>
          <StateText json={state.json} changes={isTurn ? changes.first : []} name={visible(node.name)} />
          <Changes node={node} />
        </>
      );
  }
}

interface StateTextProps {
  readonly json: string;
  readonly changes: readonly StateChange[];
  readonly name: string;
}

function StateText({ json, changes, name }: StateTextProps) {
  const lines = stateLines(json, changes);
  return (
    <pre class="body state" tabIndex={0} aria-label={`State of ${name}`} role="region">
      {lines === undefined ? visible(json) : lines.map((line, at) => <Line key={at} line={line} />)}
    </pre>
  );
}

function Line({ line: { depth, text, mark, before } }: { readonly line: StateLine }) {
  const indented = `${'  '.repeat(depth)}${visible(text)}`;
  if (mark === undefined) return <>{`  ${indented}\n`}</>;
  return (
    <>
      <ins class={mark}>
        {mark === 'added' ? '+ ' : '~ '}
        {indented}
        {before === undefined ? null : <span class="before"> was {cut(before)}</span>}
      </ins>
      {'\n'}
    </>
  );
}

function Changes({ node: { changes, isTurn } }: { readonly node: NodeView }) {
  if (changes.total === 0) return isTurn ? <p class="faint">This turn changed nothing of it.</p> : null;
  return (
    <details open={isTurn}>
      <summary>
        {isTurn ? 'This turn' : 'Its last turn'} changed {countText(changes.total)}{' '}
        {changes.total === 1 ? 'place' : 'places'}
      </summary>
      <ul class="changes">
        {changes.first.map((change, at) => (
          <li key={at}>
            <code>{visible(pathText(change.path))}</code>: {changeOf(change)}
          </li>
        ))}
        <MoreOf list={changes} />
      </ul>
    </details>
  );
}

function changeOf({ before, after }: StateChange) {
  return (
    <>
      {before === undefined ? <i>nothing</i> : <code>{cut(before)}</code>} →{' '}
      {after === undefined ? <i>gone</i> : <code>{cut(after)}</code>}
    </>
  );
}

const LONGEST = 160;

function cut(text: string): string {
  const shown = visible(text);
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}
