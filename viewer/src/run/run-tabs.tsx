/** The tabs below the pictures of a run: tables of what is in view, logs, results, options, files. */
import type { ReadonlySignal, Signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { groupedBy } from '../../../src/columns/groups.ts';
import { spreads } from '../../../src/recording/spreading/propagation.ts';
import type { Overview, RunPage } from '../../../src/recording/views.ts';
import { Propagation } from '../propagation/propagation.tsx';
import { knowsMessages } from '../source/knows-messages.ts';
import type { OpenRun, RunFiles } from '../source/open-run.ts';
import { FaultTable, MessageTable, OperationTable } from '../tables.tsx';
import { changeView, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';
import { Logs } from './logs.tsx';

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

export interface RunTabsProps {
  readonly run: OpenRun;
  readonly page: RunPage;
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
  readonly tail: ReadonlySignal<string>;
}

export function RunTabs({ run, page, view, overview, tail }: RunTabsProps) {
  const isThere: Readonly<Partial<Record<Tab, boolean>>> = {
    messages: knowsMessages(overview.value),
    files: run.files !== undefined,
    propagation: spreads(page.card.workload) && knowsMessages(overview.value),
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

/** Returns the operations that the findings blame. */
const accusedIn = ({ findings }: RunPage): ReadonlySet<number> =>
  new Set(
    findings.flatMap(({ story, operations }) =>
      story === undefined ? (operations.length === 1 ? operations : []) : (story.story.wrong ?? []),
    ),
  );
