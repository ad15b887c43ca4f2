/** The page of one run: verdict in words, findings, pictures, tables, logs, options. */
import { batch, useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { Suspect } from '../../src/recording/suspects.ts';
import type { Overview } from '../../src/recording/views.ts';
import type { RunPage } from '../../src/recording/views.ts';
import { api, fileUrl, zipUrl } from './api.ts';
import { Logs } from './logs.tsx';
import { RunPicture } from './run-picture.tsx';
import { MessageTable, OperationTable } from './tables.tsx';
import { counted, spanText } from './time-text.ts';
import { useRun, verdictNow } from './use-run.ts';
import { Verdict } from './verdict.tsx';
import { readView, writeView, type ViewState } from './view-state.ts';
import { visible } from './visible-text.ts';

const TABS = ['messages', 'operations', 'logs', 'results', 'options', 'files'] as const;

export function RunPageView({ id }: { readonly id: string }) {
  const overview = useSignal<Overview | undefined>(undefined);
  const { page, problem, logTail } = useRun(id, overview);
  const view = useSignal<ViewState>(readView(location.hash));
  useAddress(view);
  useEffect(() => {
    document.title = id;
  }, [id]);

  if (problem !== '') return <p class="page nothing">{problem}</p>;
  const now = overview.value;
  return (
    <div class="page wide">
      {page === undefined ? <h1>{id}</h1> : <Heading page={page} overview={now} />}
      {page === undefined ? null : <VerdictWords page={page} id={id} view={view} />}
      {now?.problem === undefined ? null : <p class="note">{now.problem}</p>}
      {now === undefined ? (
        <p class="faint">Loading…</p>
      ) : now.messages === 0 && now.operations === 0 ? (
        <p class="nothing">
          {now.isRunning ? 'Nothing has happened yet.' : 'This run has no messages and no operations.'}
        </p>
      ) : (
        <RunPicture
          id={id}
          view={view}
          overview={overview as ReadonlySignal<Overview>}
          label="What happened"
        />
      )}
      {now === undefined || page === undefined ? null : (
        <Tabs
          id={id}
          page={page}
          view={view}
          overview={overview as ReadonlySignal<Overview>}
          tail={logTail}
        />
      )}
    </div>
  );
}

/** Keeps the address and the view the same. */
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

function Heading({ page, overview }: { readonly page: RunPage; readonly overview: Overview | undefined }) {
  const { card } = page;
  return (
    <div class="heading">
      <h1>
        {card.workload} <Verdict verdict={verdictNow(page, overview)} />
      </h1>
      <p class="faint">
        {new Date(card.startedAt).toLocaleString()} · {card.program} · {counted(card.nodes, 'node')},{' '}
        {counted(card.clients, 'client')}, {card.rate}/s{card.world === 'simulated' ? ', simulated' : ''} ·{' '}
        {card.nemesis.length === 0 ? 'no faults' : card.nemesis.join(', ')} · seed <code>{card.seed}</code>
        {overview === undefined
          ? ''
          : ` · ${spanText(overview.endNanos - overview.startNanos)}, ${counted(overview.messages, 'message')}${overview.lost > 0 ? ` (${counted(overview.lost, 'lost').replace(/losts$/, 'lost')})` : ''}, ${counted(overview.operations, 'operation')}`}{' '}
        · <a href={zipUrl(card.id)}>download as zip</a>
      </p>
    </div>
  );
}

interface VerdictWordsProps {
  readonly page: RunPage;
  readonly id: string;
  readonly view: Signal<ViewState>;
}

function VerdictWords({ page, id, view }: VerdictWordsProps) {
  const { sentence, suspects, card } = page;
  const show = (suspect: Suspect): void => void showSuspect(id, suspect, view);
  return (
    <section class={`words ${card.verdict}`} aria-labelledby="verdict-heading">
      <h2 class="hidden" id="verdict-heading">
        Verdict
      </h2>
      <p class="sentence">
        {sentence === undefined
          ? card.verdict === 'running'
            ? 'The run is going on; there is no verdict yet.'
            : card.verdict === 'unreadable'
              ? 'The results of the run cannot be read; `maelstrom check` judges its history anew.'
              : 'The run never came to an analysis.'
          : visible(sentence)}
      </p>
      {suspects.length === 0 ? null : (
        <details open>
          <summary>{counted(suspects.length, 'finding')} to look at</summary>
          <ul class="findings">
            {suspects.map((suspect) => (
              <li key={suspect.path + suspect.title}>
                <button type="button" class="link" onClick={() => show(suspect)}>
                  {visible(suspect.title)}
                </button>{' '}
                <span class="faint">
                  {suspect.path}, {counted(suspect.operations.length, 'operation')}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** Brings the operations of a finding into view, outlined. */
async function showSuspect(id: string, { operations }: Suspect, view: Signal<ViewState>): Promise<void> {
  const first = operations.slice(0, 40);
  const found = await Promise.all(first.map((index) => api.operation(id, index).catch(() => undefined)));
  const there = found.filter((operation) => operation !== undefined);
  if (there.length === 0) return;
  const from = Math.min(...there.map(({ invoked }) => invoked));
  const to = Math.max(...there.map(({ invoked, completed }) => completed ?? invoked));
  const air = Math.max(1e6, (to - from) * 0.1);
  batch(() => {
    view.value = {
      ...view.peek(),
      range: { from: from - air, to: to + air },
      shown: there.map(({ index }) => index),
      selection: there[0] === undefined ? undefined : { kind: 'operation', index: there[0].index },
      mark: '',
      tab: 'operations',
    };
  });
}

interface TabsProps {
  readonly id: string;
  readonly page: RunPage;
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
  readonly tail: ReadonlySignal<string>;
}

function Tabs({ id, page, view, overview, tail }: TabsProps) {
  const tab = TABS.find((each) => each === view.value.tab) ?? 'messages';
  const go = (name: string): void => {
    view.value = { ...view.peek(), tab: name };
  };
  const key = (event: KeyboardEvent): void => {
    const at = TABS.indexOf(tab);
    const keys: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1 + TABS.length,
      Home: 0,
      End: TABS.length - 1,
    };
    const to = keys[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = TABS[to % TABS.length] ?? tab;
    go(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <section class="tabs">
      <h2 class="hidden">In words</h2>
      <div role="tablist" aria-label="In words" onKeyDown={key}>
        {TABS.map((name) => (
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
        {tab === 'messages' ? <MessageTable id={id} view={view} overview={overview} /> : null}
        {tab === 'operations' ? <OperationTable id={id} view={view} overview={overview} /> : null}
        {tab === 'logs' ? <Logs id={id} logs={page.logs} tail={tail} /> : null}
        {tab === 'results' ? <Results id={id} /> : null}
        {tab === 'options' ? <pre class="log">{JSON.stringify(page.test, undefined, 2)}</pre> : null}
        {tab === 'files' ? <Files page={page} /> : null}
      </div>
    </section>
  );
}

const MAX_RESULTS = 400_000;

function Results({ id }: { readonly id: string }) {
  const [text, setText] = useState('Loading…');
  useEffect(() => {
    api.results(id).then(
      (found) => setText(found === '' ? 'There are no results.' : found),
      (error: Error) => setText(error.message),
    );
  }, [id]);
  return (
    <pre class="log" tabIndex={0} aria-label="Results">
      {visible(text.slice(0, MAX_RESULTS))}
      {text.length > MAX_RESULTS ? '\n… the rest is in results.json' : ''}
    </pre>
  );
}

/** The run's own files, then a list for each folder. */
function Files({ page }: { readonly page: RunPage }) {
  const folders = new Map<string, string[]>();
  for (const file of page.files) {
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return (
    <>
      {[...folders].map(([folder, files]) => (
        <section key={folder}>
          {folder === '' ? null : <h3>{visible(folder)}</h3>}
          <ul class="files">
            {files.map((file) => (
              <li key={file}>
                <a href={fileUrl(page.card.id, file)} target="_blank" rel="noreferrer">
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
