/** The verdict in words, around the findings and what decided the run. */
import type { Signal } from '@preact/signals';
import { aroundStories } from '../../../src/recording/beyond-story.ts';
import type { DecisiveMoment } from '../../../src/recording/decisive.ts';
import type { Suspect } from '../../../src/recording/suspects.ts';
import type { DecisiveView, RunCard, RunPage } from '../../../src/recording/views.ts';
import { program } from '../program.ts';
import type { OpenRun } from '../source/open-run.ts';
import { counted } from '../time-text.ts';
import { changeView, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';
import { Findings } from './findings.tsx';
import { showOperations } from './show-in-diagram.ts';

export interface VerdictWordsProps {
  readonly page: RunPage;
  readonly run: OpenRun;
  readonly view: Signal<ViewState>;
}

export function VerdictWords({ page, run, view }: VerdictWordsProps) {
  const { sentence, suspects, findings, storyNote, card } = page;
  // Places that a finding links to are not listed again.
  const linked = new Set(findings.flatMap(({ operations }) => operations));
  const further = suspects.filter(({ operations }) => !operations.every((number) => linked.has(number)));
  const { above, below } =
    sentence === undefined ? { above: [withoutVerdict(card)], below: [] } : aroundStories(sentence, findings);
  return (
    <section class={`words ${card.verdict}`} aria-labelledby="verdict-heading">
      <h2 class="hidden" id="verdict-heading">
        Verdict
      </h2>
      <Sentence lines={above} />
      {page.decisive === undefined ? null : <DecisiveWords {...page.decisive} view={view} />}
      {storyNote === undefined ? null : <p class="faint">{visible(storyNote)}</p>}
      <Findings run={run} findings={findings} view={view} above={shownLines(above)} />
      <Sentence lines={below} />
      {further.length === 0 ? null : <Suspects run={run} suspects={further} view={view} />}
      {page.shrinks === undefined ? null : (
        <p class="faint">
          The smallest run that fails in the same way:{' '}
          <code>
            {program.value} shrink {visible(page.shrinks)}
          </code>
        </p>
      )}
    </section>
  );
}

const withoutVerdict = ({ verdict }: RunCard): string =>
  verdict === 'running'
    ? 'The run is still in progress; there is no verdict yet.'
    : verdict === 'unreadable'
      ? `The results of the run cannot be read; \`${program.value} check\` checks its history again.`
      : `The run was stopped before its analysis; \`${program.value} check\` with its folder checks what was recorded.`;

/** Maximum number of lines shown at once. */
const MOST_LINES = 12;

/** One extra line is shown, since the control that folds it would be as high. */
const shownLines = (lines: readonly string[]): readonly string[] =>
  lines.length > MOST_LINES + 1 ? lines.slice(0, MOST_LINES) : lines;

function Sentence({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  const shown = shownLines(lines);
  const rest = lines.slice(shown.length);
  return (
    <>
      <p class="sentence">{visible(shown.join('\n'))}</p>
      {rest.length === 0 ? null : (
        <details>
          <summary>{counted(rest.length, 'more line')}</summary>
          <p class="sentence">{visible(rest.join('\n'))}</p>
        </details>
      )}
    </>
  );
}

interface SuspectsProps {
  readonly run: OpenRun;
  readonly suspects: readonly Suspect[];
  readonly view: Signal<ViewState>;
}

/** Suspects beyond those of the findings: each example of an anomaly, each late element. */
function Suspects({ run, suspects, view }: SuspectsProps) {
  return (
    <details>
      <summary>{counted(suspects.length, 'place')} to look at</summary>
      <ul class="suspects">
        {suspects.map(({ title, operations }) => (
          <li key={title}>
            <button type="button" class="link" onClick={() => void showOperations(run, operations, view)}>
              {visible(title)}
            </button>{' '}
            <span class="faint">{counted(operations.length, 'operation')}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What decided the run, and a link to it. */
function DecisiveWords({
  sentences,
  steps,
  moment,
  view,
}: DecisiveView & { readonly view: Signal<ViewState> }) {
  return (
    <section class="decisive" aria-labelledby="decisive-heading">
      <h3 id="decisive-heading">What decided it</h3>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{visible(sentence)}</li>
        ))}
      </ul>
      {steps.map((step) => (
        <p key={step} class="step">
          Step {visible(step)}
        </p>
      ))}
      {moment === undefined ? null : (
        <button type="button" class="link" onClick={() => showMoment(moment, view)}>
          ◆ Show the decisive moment
        </button>
      )}
    </section>
  );
}

/** The time shown before and after a moment. */
const AROUND_NANOS = 50e6;

function showMoment({ timeNanos, message }: DecisiveMoment, view: Signal<ViewState>): void {
  changeView(view, {
    range: { from: timeNanos - AROUND_NANOS, to: timeNanos + AROUND_NANOS },
    ...(message === undefined
      ? {}
      : { selection: { kind: 'message', id: message } as const, tab: 'messages' }),
  });
}
