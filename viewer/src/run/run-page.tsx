/** The page of a run: the verdict in words, findings, pictures, tables, logs, options. */
import { groupedBy } from '../../../src/columns/groups.ts';
import { useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { spreads } from '../../../src/recording/spreading/propagation.ts';
import type { Suspect } from '../../../src/recording/suspects.ts';
import type { DecisiveMoment } from '../../../src/recording/decisive.ts';
import type { DecisiveView, Overview, RunCard, RunPage } from '../../../src/recording/views.ts';
import { knowsMessages } from '../source/knows-messages.ts';
import type { OpenRun, RunFiles } from '../source/open-run.ts';
import { aroundStories } from '../../../src/recording/beyond-story.ts';
import { Findings } from './findings.tsx';
import { Logs } from './logs.tsx';
import { Nothing } from '../nothing.tsx';
import { Propagation } from '../propagation/propagation.tsx';
import { program } from '../program.ts';
import { RunPicture } from './run-picture.tsx';
import { showOperations, storyRange } from './show-in-diagram.ts';
import { FaultTable, MessageTable, OperationTable } from '../tables.tsx';
import { counted, countText, spanText } from '../time-text.ts';
import { useRun, verdictNow } from './use-run.ts';
import { useStepping, type SteppingModule } from './use-stepping.ts';
import { Verdict } from '../verdict.tsx';
import { changeView, readView, writeView, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';

const TABS = [
  'messages',
  'operations',
  'propagation',
  'faults',
  'logs',
  'results',
  'options',
  'files',
] as const;
type Tab = (typeof TABS)[number];

export interface RunPageProps {
  readonly run: OpenRun;
  /** Shown below the verdict. */
  readonly note?: ComponentChildren;
  /** Loads the stepper for simulated runs; undefined without a server, which would have to run it again. */
  readonly loadStepping?: () => Promise<SteppingModule>;
}

export function RunPageView({ run, note, loadStepping }: RunPageProps) {
  const { id } = run;
  const overview = useSignal<Overview | undefined>(undefined);
  const { page, problem, logTail } = useRun(run, overview);
  const view = useSignal<ViewState>(readView(location.hash));
  useAddress(view);
  useOpeningOnStory(page, view);
  const decisiveNanos = useSignal<number | undefined>(undefined);
  useEffect(() => {
    decisiveNanos.value = page?.decisive?.moment?.timeNanos;
  }, [page]);
  const stepping = useStepping({ id, view, overview, decisiveNanos, load: loadStepping });
  useEffect(() => {
    document.title = id;
  }, [id]);

  if (problem !== '') return <Nothing name={id} problem={problem} />;
  const now = overview.value;
  const { opened } = stepping;
  const known = overview as ReadonlySignal<Overview>; // only used below when defined
  return (
    <div class="page wide">
      {page === undefined ? <h1>{id}</h1> : <Heading page={page} overview={now} files={run.files} />}
      {page === undefined ? null : <VerdictWords page={page} run={run} view={view} />}
      {note}
      {page?.card.world === 'simulated' && now?.isRunning === false ? (
        <StepThrough view={view} isServed={loadStepping !== undefined} />
      ) : null}
      {stepping.problem === '' ? null : <p class="note">{stepping.problem}</p>}
      {opened === undefined ? null : <opened.panels.StepsAbove session={opened.session} view={view} />}
      {now?.problem === undefined ? null : <p class="note">{now.problem}</p>}
      {now === undefined ? (
        <p class="faint">Loading…</p>
      ) : now.messages === 0 && now.operations === 0 ? (
        <p class="nothing">
          {now.isRunning ? 'Nothing has happened yet.' : 'This run has no messages and no operations.'}
        </p>
      ) : (
        <RunPicture
          run={run}
          view={view}
          overview={known}
          label="What happened"
          decisiveNanos={decisiveNanos}
          moment={stepping.moment}
          onMoment={stepping.onMoment}
        />
      )}
      {opened === undefined ? null : <opened.panels.StepsBelow session={opened.session} />}
      {now === undefined || page === undefined ? null : (
        <Tabs run={run} page={page} view={view} overview={known} tail={logTail} />
      )}
    </div>
  );
}

/** Opens on the first finding's story, unless the URL already has a view. */
function useOpeningOnStory(page: RunPage | undefined, view: Signal<ViewState>): void {
  const isBare = useSignal(location.hash === '');
  useEffect(() => {
    const story = page?.findings[0]?.story?.story;
    if (story === undefined || !isBare.value) return;
    isBare.value = false;
    if (view.peek().range === undefined) changeView(view, { range: storyRange(story) });
  }, [page]);
}

/** Returns the operations that the findings blame. */
const accusedIn = ({ findings }: RunPage): ReadonlySet<number> =>
  new Set(
    findings.flatMap(({ story, operations }) =>
      story === undefined ? (operations.length === 1 ? operations : []) : (story.story.wrong ?? []),
    ),
  );

function StepThrough({ view, isServed }: { readonly view: Signal<ViewState>; readonly isServed: boolean }) {
  if (!isServed)
    return (
      <p class="faint">
        <code>{program.value} serve --store STORE</code> steps through this run event by event, and shows what
        would have happened otherwise.
      </p>
    );
  if (view.value.step !== undefined) return null;
  return (
    <div class="tools">
      <button
        type="button"
        id="step-through"
        onClick={() => changeView(view, { step: { event: 0, branch: '', node: '' } })}
      >
        Step through
      </button>
      <span class="faint">event by event, forward and back, and what if something had gone otherwise</span>
    </div>
  );
}

/** Keeps the URL and the view in sync. */
function useAddress(view: Signal<ViewState>): void {
  useSignalEffect(() => {
    const words = writeView(view.value).toString();
    const timer = setTimeout(
      () => history.replaceState(null, '', words === '' ? location.pathname : `#${words}`),
      150,
    );
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    const changed = (): void => {
      if (writeView(view.peek()).toString() !== location.hash.slice(1)) view.value = readView(location.hash);
    };
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
}

interface HeadingProps {
  readonly page: RunPage;
  readonly overview: Overview | undefined;
  readonly files: RunFiles | undefined;
}

function Heading({ page, overview, files }: HeadingProps) {
  const { card, test } = page;
  return (
    <div class="heading">
      <h1>
        {visible(card.workload)} <Verdict verdict={verdictNow(page, overview)} />
      </h1>
      <p class="faint">
        <Origin {...card} />
        {overview === undefined
          ? ''
          : ` · ${spanText(overview.endNanos - overview.startNanos)}, ${isHistoryOnly(card) ? '' : `${counted(overview.messages, 'message')}${overview.lost > 0 ? ` (${countText(overview.lost)} lost)` : ''}, `}${counted(overview.operations, 'operation')}`}
        {files === undefined ? null : (
          <>
            {' '}
            · <a href={files.zip}>download as zip</a>
          </>
        )}
      </p>
      {test.command === undefined ? null : (
        <p class="faint">
          To run it again: <code>{visible(test.command)}</code>
        </p>
      )}
    </div>
  );
}

/** True for runs whose messages are unknown. */
const isHistoryOnly = (card: RunCard): boolean => card.program === '' || card.nodes === 0;

/** Where the run comes from. The conditions of an imported history, or of a run recorded by the original Maelstrom, are unknown. */
function Origin(card: RunCard) {
  if (card.nodes === 0 && card.program !== '')
    return <>the history {visible(card.program)}, without messages</>;
  if (card.program === '')
    return (
      <>
        {new Date(card.startedAt).toLocaleString()}
        {card.nodes === 0 ? '' : ` · ${counted(card.nodes, 'node')}`} · not written by this Maelstrom: shown
        from history.edn and results.edn, without messages
      </>
    );
  return <Conditions {...card} />;
}

function Conditions(card: RunCard) {
  return (
    <>
      {new Date(card.startedAt).toLocaleString()} · {visible(card.program)} · {counted(card.nodes, 'node')},{' '}
      {counted(card.clients, 'client')}, {countText(card.rate)}/s for {countText(card.timeLimitSeconds)} s,{' '}
      {card.latencyMs > 0 ? `latency ${card.latencyMs} ms` : 'no latency'}
      {card.world === 'simulated' ? ', simulated' : ''} ·{' '}
      {card.nemesis.length === 0 ? 'no faults' : visible(card.nemesis.join(', '))}
      {card.ownFiles === undefined ? '' : ` · with ${card.ownFiles.map(visible).join(', ')}`} · seed{' '}
      <code>{visible(card.seed)}</code>
    </>
  );
}

interface VerdictWordsProps {
  readonly page: RunPage;
  readonly run: OpenRun;
  readonly view: Signal<ViewState>;
}

function VerdictWords({ page, run, view }: VerdictWordsProps) {
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

interface TabsProps {
  readonly run: OpenRun;
  readonly page: RunPage;
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
  readonly tail: ReadonlySignal<string>;
}

function Tabs({ run, page, view, overview, tail }: TabsProps) {
  const isThere: Readonly<Partial<Record<Tab, boolean>>> = {
    messages: knowsMessages(overview.value),
    files: run.files !== undefined,
    propagation: spreads(page.card.workload),
  };
  const tabs = TABS.filter((each) => isThere[each] !== false);
  const tab = tabs.find((each) => each === view.value.tab) ?? tabs[0] ?? 'messages';
  // On a narrow screen the row of tabs is longer than it: a link may have opened one of the last.
  useEffect(() => {
    const chosen = document.getElementById(`tab-${tab}`);
    const row = chosen?.parentElement;
    if (!chosen || !row) return;
    const left = chosen.offsetLeft - row.offsetLeft;
    if (left < row.scrollLeft || left + chosen.offsetWidth > row.scrollLeft + row.clientWidth)
      row.scrollLeft = left - (row.clientWidth - chosen.offsetWidth) / 2;
  }, [tab]);
  const go = (name: Tab): void => changeView(view, { tab: name });
  const key = (event: KeyboardEvent): void => {
    const at = tabs.indexOf(tab);
    const keys: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1 + tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const to = keys[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[to % tabs.length] ?? tab;
    go(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <section class="tabs">
      <h2 class="hidden">In words</h2>
      <div role="tablist" aria-label="In words" onKeyDown={key}>
        {tabs.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === tab}
            aria-controls="tab-panel"
            tabIndex={name === tab ? 0 : -1}
            onClick={() => go(name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === 'messages' ? <MessageTable run={run} view={view} overview={overview} /> : null}
        {tab === 'operations' ? (
          <OperationTable run={run} view={view} overview={overview} accused={accusedIn(page)} />
        ) : null}
        {tab === 'propagation' ? <Propagation run={run} view={view} overview={overview} /> : null}
        {tab === 'faults' ? <FaultTable faults={overview.value.faults} /> : null}
        {tab === 'logs' ? <Logs run={run} logs={page.logs} tail={tail} /> : null}
        {tab === 'results' ? <Results run={run} /> : null}
        {tab === 'options' ? (
          <pre class="log" tabIndex={0} aria-label="Options">
            {JSON.stringify(page.test, undefined, 2)}
          </pre>
        ) : null}
        {tab === 'files' && run.files !== undefined ? <Files page={page} files={run.files} /> : null}
      </div>
    </section>
  );
}

const MAX_RESULTS = 400_000;

function Results({ run }: { readonly run: OpenRun }) {
  const [text, setText] = useState('Loading…');
  useEffect(() => {
    run.results().then(
      (found) => setText(found === '' ? 'There are no results.' : found),
      (error: Error) => setText(error.message),
    );
  }, [run]);
  return (
    <pre class="log" tabIndex={0} aria-label="Results">
      {visible(text.slice(0, MAX_RESULTS))}
      {text.length > MAX_RESULTS ? '\n… the rest is in results.json' : ''}
    </pre>
  );
}

/** Lists the files in the run's folder, then those in each of its subfolders. */
function Files({ page, files: { urlOf } }: { readonly page: RunPage; readonly files: RunFiles }) {
  const folders = groupedBy(page.files, (file) => file.slice(0, file.lastIndexOf('/') + 1));
  return (
    <>
      {[...folders].map(([folder, files]) => (
        <section key={folder}>
          {folder === '' ? null : <h3>{visible(folder)}</h3>}
          <ul class="files">
            {files.map((file) => (
              <li key={file}>
                <a href={urlOf(file)} target="_blank" rel="noreferrer">
                  {visible(file.slice(folder.length))}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
