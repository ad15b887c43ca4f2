/** How branches ended, compared with the line they left: verdicts, the first difference, the story, and actions on a branch. */
import type { Branch, EventRow, Line } from '../../../src/recording/travel-view.ts';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { counted, countText, momentText, spanText } from '../time-text.ts';
import { Verdict } from '../verdict.tsx';
import { visible } from '../visible-text.ts';
import { CopyButton } from './copy-button.tsx';
import { changeText, happeningText } from './happening-text.ts';
import type { StepSession } from './session.ts';

export function Branches({ session }: { readonly session: StepSession }) {
  const branches = session.stepper.branches.value;
  const shown = branches.find(({ line }) => line.id === session.compared.value) ?? branches.at(-1);
  if (shown === undefined) return null;
  return (
    <section class="branches" aria-labelledby="branches-heading">
      <h3 id="branches-heading">
        What if: {counted(branches.length, 'branch').replace('branchs', 'branches')}
      </h3>
      <ul class="branch-list">
        {branches.map((branch) => (
          <li key={branch.line.id}>
            <button
              type="button"
              class="link"
              aria-pressed={branch === shown}
              onClick={() => (session.compared.value = branch.line.id)}
            >
              At event {countText(branch.at)}
              {branch.of === 'recorded' ? '' : ' of another branch'}: {changeText(branch.change)}
            </button>{' '}
            <Verdict verdict={branch.line.verdict} />
          </li>
        ))}
      </ul>
      <Comparison session={session} branch={shown} />
    </section>
  );
}

interface ComparisonProps {
  readonly session: StepSession;
  readonly branch: Branch;
}

function Comparison({ session, branch }: ComparisonProps) {
  const { stepper } = session;
  const opening = stepper.opening.value;
  const original =
    stepper.branches.value.find(({ line }) => line.id === branch.of)?.line ??
    (opening.kind === 'ready' ? opening.state.line : undefined);
  const { difference } = branch;
  const element = useRef<HTMLDivElement>(null);
  // A branch just made or chosen is scrolled into view and read out.
  const isNew = session.compared.value === branch.line.id;
  useEffect(() => {
    if (!isNew) return;
    element.current?.focus({ preventScroll: true });
    element.current?.scrollIntoView({ block: 'nearest' });
  }, [isNew, branch.line.id]);
  return (
    <div
      class="comparison"
      role="group"
      tabIndex={-1}
      ref={element}
      aria-label={`The original and the branch: ${original?.verdict ?? 'unknown'} and ${branch.line.verdict}`}
    >
      {original === undefined ? null : (
        <Side
          title={branch.of === 'recorded' ? 'Original' : 'The branch it came from'}
          line={original}
          row={difference?.original}
          hasDifference={difference !== undefined}
          session={session}
          event={difference?.event ?? branch.at}
        />
      )}
      <Side
        title="Branch"
        line={branch.line}
        row={difference?.branch}
        hasDifference={difference !== undefined}
        session={session}
        event={difference?.event ?? branch.at}
      >
        <p class="sentence">{visible(branch.sentence)}</p>
        {branch.story.length === 0 ? null : (
          <details>
            <summary>How it happened</summary>
            <ol class="story">
              {branch.story.map((step, at) => (
                <li key={at}>{visible(step)}</li>
              ))}
            </ol>
          </details>
        )}
        <Save session={session} branch={branch} />
      </Side>
    </div>
  );
}

interface SideProps {
  readonly title: string;
  readonly line: Line;
  /** The first difference; undefined if this side has ended. */
  readonly row: EventRow | undefined;
  readonly hasDifference: boolean;
  readonly session: StepSession;
  readonly event: number;
  readonly children?: ComponentChildren;
}

function Side({ title, line, row, hasDifference, session, event, children }: SideProps) {
  const isHere = session.stepper.line.value?.id === line.id;
  return (
    <article class="side" aria-label={title}>
      <h4>
        {title} <Verdict verdict={line.verdict} />
        {line.signature.length === 0 ? null : <code> {visible(line.signature.join(', '))}</code>}
      </h4>
      <p class="faint">
        {counted(line.events, 'event')}, {counted(line.messages, 'message')},{' '}
        {spanText(line.endNanos - line.startNanos)}
      </p>
      {hasDifference ? (
        <p class="difference">
          <strong>First difference{row === undefined ? '' : `, event ${countText(row.event)}`}:</strong>{' '}
          {row === undefined
            ? 'nothing more happens: this run has ended.'
            : `${happeningText(row.happening)} (${momentText(row.nanos)})`}
        </p>
      ) : (
        <p class="faint">Nothing differs: the change had no effect.</p>
      )}
      <div class="tools">
        <button type="button" onClick={() => void session.stepper.enter(line.id, event)}>
          {isHere
            ? 'To the first difference'
            : `Step in ${title === 'Branch' ? 'the branch' : 'the original'}`}
        </button>
        {isHere ? <span class="faint">◀ You step in this one</span> : null}
      </div>
      {children}
    </article>
  );
}

function Save({ session, branch }: ComparisonProps) {
  const saved = session.stepper.savedOf(branch.line.id);
  if (saved === undefined) {
    return (
      <button
        type="button"
        disabled={session.stepper.busy.value !== ''}
        onClick={() => void session.stepper.save(branch.line.id)}
      >
        Save as a run with scenario.json
      </button>
    );
  }
  return (
    <div class="saved" role="status">
      <p>
        Saved as <a href={`/run/${saved.run}`}>{visible(saved.run)}</a>, with{' '}
        <code>{visible(saved.scenario)}</code>
      </p>
      <pre class="body" aria-label="What runs it again">
        {visible(saved.command)}
      </pre>
      <CopyButton text={saved.command} label="Copy the command" />
    </div>
  );
}
