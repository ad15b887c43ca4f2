/** The runs of the store: search, open, compare two, download, delete. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RunCard } from '../../../src/recording/views.ts';
import { useRepeated } from '../source/use-repeated.ts';
import { program } from '../program.ts';
import { inOrder, useSorting, type SortValues } from '../sorting.ts';
import { SortChoice } from '../sort-choice.tsx';
import { TableHead } from '../tables.tsx';
import { counted, countText } from '../time-text.ts';
import { PassRates } from './pass-rates.tsx';
import { RunActions } from './run-actions.tsx';
import { Verdict } from '../verdict.tsx';
import { visible } from '../visible-text.ts';

const REFRESH_MS = 5000;
const SHOWN = 200;
/** What the columns sort by: `Stable` by the slowest element, `Load` not at all. */
const SORT_VALUES: SortValues<RunCard> = {
  Verdict: ({ verdict }) => verdict,
  Workload: ({ workload }) => workload,
  Finding: ({ finding }) => finding,
  Started: ({ startedAt }) => startedAt,
  Program: ({ program: name }) => name,
  Cluster: ({ nodes }) => nodes,
  Faults: ({ nemesis }) => nemesis.join(', ') || undefined,
  'Msgs/op': ({ messagesPerOperation }) => messagesPerOperation,
  Stable: ({ stableMs }) => stableMs?.slowest,
  Seed: ({ seed }) => seed,
};

const COLUMNS = [
  'Compare',
  'Verdict',
  'Workload',
  'Finding',
  'Started',
  'Program',
  'Cluster',
  'Load',
  'Faults',
  'Msgs/op',
  'Stable',
  'Seed',
  'Actions',
];

export function RunListPage() {
  const { found: runs, problem, again } = useRepeated<readonly RunCard[]>('/api/runs', REFRESH_MS);
  const [filter, setFilter] = useState(() => new URLSearchParams(location.hash.slice(1)).get('q') ?? '');
  const [verdict, setVerdict] = useState('');
  const [limit, setLimit] = useState(SHOWN);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const sorting = useSorting(SORT_VALUES);
  const { order } = sorting;

  useEffect(() => {
    document.title = 'Maelstrom: runs';
  }, []);
  useEffect(() => {
    history.replaceState(
      null,
      '',
      filter === '' ? location.pathname : `#${new URLSearchParams({ q: filter })}`,
    );
  }, [filter]);

  const found = useMemo(
    () => (runs ?? []).filter((run) => (verdict === '' || run.verdict === verdict) && matches(run, filter)),
    [runs, filter, verdict],
  );
  const sorted = useMemo(() => inOrder(found, { order, values: SORT_VALUES }), [found, order]);
  const pick = (id: string): void =>
    setPicked(picked.includes(id) ? picked.filter((each) => each !== id) : [...picked, id].slice(-2));

  return (
    <div class="page wide">
      <h1>Runs</h1>
      <ListTools
        filter={filter}
        setFilter={setFilter}
        verdict={verdict}
        setVerdict={setVerdict}
        picked={picked}
      />
      <p class="faint" role="status">
        {problem !== ''
          ? problem
          : runs === undefined
            ? 'Loading…'
            : found.length === runs.length
              ? counted(runs.length, 'run')
              : `${found.length} of ${counted(runs.length, 'run')}`}
      </p>
      {runs?.length === 0 ? <NoRuns /> : null}
      {found.length === 0 ? null : <PassRates runs={found} onChoose={setFilter} />}
      {found.length === 0 ? null : (
        <>
          <SortChoice {...sorting} />
          <div class="scroll-x">
            <table class="runs" aria-label="Runs">
              <TableHead columns={COLUMNS} hidden={['Compare', 'Actions']} sorting={sorting} />
              <tbody>
                {sorted.slice(0, limit).map((run) => (
                  <RunRow
                    key={run.id}
                    run={run}
                    isPicked={picked.includes(run.id)}
                    onPick={() => pick(run.id)}
                    onDeleted={again}
                  />
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {found.length > limit ? (
        <button type="button" onClick={() => setLimit(limit + SHOWN)}>
          Show more
        </button>
      ) : null}
    </div>
  );
}

interface ListToolsProps {
  readonly filter: string;
  readonly setFilter: (filter: string) => void;
  readonly verdict: string;
  readonly setVerdict: (verdict: string) => void;
  /** Ids of the runs to compare. */
  readonly picked: readonly string[];
}

function ListTools({ filter, setFilter, verdict, setVerdict, picked }: ListToolsProps) {
  return (
    <div class="tools">
      <label class="grow">
        Search{' '}
        <input
          type="search"
          value={filter}
          placeholder="workload, fault, program, seed, finding …"
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      </label>
      <label>
        Verdict{' '}
        <select value={verdict} onChange={(event) => setVerdict(event.currentTarget.value)}>
          <option value="">any</option>
          {['valid', 'invalid', 'unknown', 'running', 'unfinished', 'unreadable'].map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </label>
      {picked.length === 2 ? (
        <a class="button" href={`/compare?a=${picked[0]}&b=${picked[1]}`}>
          Compare the two
        </a>
      ) : (
        <span class="button disabled" role="note">
          Compare: tick two runs
        </span>
      )}
    </div>
  );
}

/** The tooltip of a column's cells. */
const STABLE = 'Time until every read showed an element: median and slowest';

/** Returns `0.3 / 18.0 s`, or milliseconds if both are short. */
const stableText = ({ median, slowest }: NonNullable<RunCard['stableMs']>): string =>
  slowest < 1000
    ? `${median} / ${slowest} ms`
    : `${(median / 1000).toFixed(1)} / ${(slowest / 1000).toFixed(1)} s`;

const figureText = (figure: number): string => figure.toFixed(figure < 10 ? 2 : 1);

interface RunRowProps {
  readonly run: RunCard;
  readonly isPicked: boolean;
  readonly onPick: () => void;
  readonly onDeleted: () => void;
}

function RunRow({ run, isPicked, onPick, onDeleted }: RunRowProps) {
  // Runs of the original Maelstrom lack their options.
  const isKnown = run.program !== '';
  const faults = run.nemesis.length > 0 ? run.nemesis.join(', ') : isKnown ? 'none' : 'unknown';
  const started = run.startedAt.replace('T', ' ').slice(0, 19);
  const finding = visible(run.finding ?? '');
  return (
    <tr>
      <td class="pick">
        <input
          type="checkbox"
          checked={isPicked}
          onChange={onPick}
          aria-label={`Compare ${run.workload} of ${started}`}
        />
      </td>
      <td class="badge">
        <Verdict verdict={run.verdict} />
      </td>
      <td class="name">
        <a class="strong" href={`/run/${run.id}`}>
          {visible(run.workload)}
        </a>
      </td>
      <td class="finding" data-label="Finding" title={finding}>
        {finding}
      </td>
      <td class="started" data-label="Started">
        <time dateTime={run.startedAt} title={`${started} UTC`}>
          {new Date(run.startedAt).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' })}
        </time>
      </td>
      <td class="program" data-label="Program" title={visible(run.program)}>
        {visible(run.program)}
      </td>
      <td data-label="Cluster">
        {/* A single element: in the card layout the cell is a grid, which would stack its parts. */}
        <span>
          {run.nodes === 0 ? 'unknown' : counted(run.nodes, 'node')}
          {!isKnown || run.clients === run.nodes ? null : (
            <span class="clients">, {counted(run.clients, 'client')}</span>
          )}
          {run.world === 'simulated' ? ', simulated' : ''}
        </span>
      </td>
      <td data-label="Load">
        {isKnown ? `${countText(run.rate)}/s for ${countText(run.timeLimitSeconds)} s` : 'unknown'}
        {run.latencyMs > 0 ? `, ${run.latencyMs} ms` : ''}
      </td>
      <td class="faults" data-label="Faults" title={faults}>
        {faults}
      </td>
      <td class="number" data-label="Msgs/op">
        {run.messagesPerOperation === undefined ? '' : figureText(run.messagesPerOperation)}
      </td>
      <td class="number" data-label="Stable" title={STABLE}>
        {run.stableMs === undefined ? '' : stableText(run.stableMs)}
      </td>
      <td class="seed mono" data-label="Seed" title={visible(run.seed)}>
        {visible(run.seed)}
      </td>
      <td class="actions">
        <RunActions id={run.id} onDeleted={onDeleted} />
      </td>
    </tr>
  );
}

function NoRuns() {
  return (
    <div class="nothing">
      <p>There are no runs here yet. Start one:</p>
      <pre>{program.value} test -w echo --bin ./your-node --time-limit 5</pre>
      <p>It appears on this page as soon as it starts.</p>
    </div>
  );
}

function matches(run: RunCard, filter: string): boolean {
  const text = [
    run.id,
    run.workload,
    run.verdict,
    run.program,
    run.seed,
    run.finding ?? '',
    run.world,
    ...run.nemesis,
    run.startedAt,
    `${run.nodes} nodes`,
  ]
    .join(' ')
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
