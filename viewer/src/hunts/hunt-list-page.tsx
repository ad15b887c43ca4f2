/** The hunts of the store. */
import { useEffect } from 'preact/hooks';
import type { HuntCard, HuntState } from '../../../src/recording/hunt-view.ts';
import { useRepeated } from '../source/use-repeated.ts';
import { program } from '../program.ts';
import { inOrder, useSorting, type SortValues } from '../sorting.ts';
import { SortChoice } from '../sort-choice.tsx';
import { TableHead } from '../tables.tsx';
import { counted, countText } from '../time-text.ts';
import { visible } from '../visible-text.ts';

export const REFRESH_MS = 2000;

const COLUMNS = ['Outcome', 'Workload', 'Started', 'Program', 'Runs', 'Failures', 'Kinds', 'Seed'];
const SORT_VALUES: SortValues<HuntCard> = {
  Outcome: ({ state }) => state,
  Workload: ({ workload }) => workload,
  Started: ({ startedAt }) => startedAt,
  Program: ({ program: name }) => name,
  Runs: ({ runs }) => runs,
  Failures: ({ failures }) => failures,
  Kinds: ({ kinds }) => kinds.join('; ') || undefined,
  Seed: ({ seed }) => seed,
};

export function HuntListPage() {
  const { found: hunts, problem } = useRepeated<readonly HuntCard[]>('/api/hunts', REFRESH_MS);
  const sorting = useSorting(SORT_VALUES);
  useEffect(() => {
    document.title = 'Maelstrom: hunts';
  }, []);
  return (
    <div class="page wide hunt-page">
      <h1>Hunts</h1>
      <p class="faint" role="status">
        {problem !== '' ? problem : hunts === undefined ? 'Loading…' : counted(hunts.length, 'hunt')}
      </p>
      {hunts?.length === 0 ? <NoHunts /> : null}
      {hunts === undefined || hunts.length === 0 ? null : (
        <>
          <SortChoice {...sorting} />
          <div class="scroll-x">
            <table class="runs" aria-label="Hunts">
              <TableHead columns={COLUMNS} sorting={sorting} />
              <tbody>
                {inOrder(hunts, sorting).map((hunt) => (
                  <HuntRow key={hunt.name} hunt={hunt} />
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </div>
  );
}

const secondsText = (seconds: number): string =>
  seconds < 1 ? 'under 1 s' : `${countText(Math.round(seconds))} s`;

function HuntRow({ hunt }: { readonly hunt: HuntCard }) {
  return (
    <tr>
      <td class="badge">
        <Outcome state={hunt.state} />
      </td>
      <td class="name">
        <a class="strong" href={`/hunt/${hunt.name}`}>
          {hunt.workload === '' ? hunt.name : visible(hunt.workload)}
        </a>
      </td>
      <td class="started" data-label="Started">
        {Number.isNaN(Date.parse(hunt.startedAt)) ? null : (
          <time dateTime={hunt.startedAt}>
            {new Date(hunt.startedAt).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'medium' })}
          </time>
        )}
      </td>
      <td class="program" data-label="Program">
        {visible(hunt.program)}
      </td>
      <td data-label="Runs">
        {countText(hunt.runs)} in {secondsText(hunt.seconds)}
      </td>
      <td data-label="Failures">{countText(hunt.failures)}</td>
      <td data-label="Kinds">{visible(hunt.kinds.join('; '))}</td>
      <td class="seed mono" data-label="Seed">
        {visible(hunt.seed)}
      </td>
    </tr>
  );
}

/** The outcome as a word and a symbol, so that it does not rely on colour alone. */
const OUTCOMES: Readonly<Record<HuntState | 'paused', readonly [verdict: string, text: string]>> = {
  found: ['invalid', '✗ failure found'],
  clean: ['valid', '✓ nothing found'],
  running: ['running', '● running'],
  paused: ['unfinished', '‖ paused'],
  unfinished: ['unfinished', '– unfinished'],
  unreadable: ['unreadable', '– unreadable'],
};

export function Outcome({ state }: { readonly state: keyof typeof OUTCOMES }) {
  const [verdict, text] = OUTCOMES[state];
  return <span class={`verdict ${verdict}`}>{text}</span>;
}

function NoHunts() {
  return (
    <div class="nothing">
      <p>There are no hunts here yet. Start one:</p>
      <pre>{program.value} hunt -w broadcast --bin your-node.ts</pre>
      <p>It appears on this page as soon as it starts.</p>
    </div>
  );
}
