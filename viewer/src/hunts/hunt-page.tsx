/** The page of a hunt: its failures by kind with their commands, what it has tried, and what remains open. */
import { useEffect } from 'preact/hooks';
import { clusterTime } from '../../../src/recording/cluster-time.ts';
import type { HuntGroup, HuntView } from '../../../src/recording/hunt-view.ts';
import { CampaignSection } from './campaign-section.tsx';
import { useRepeated } from '../source/use-repeated.ts';
import { Outcome, REFRESH_MS } from './hunt-list-page.tsx';
import { Nothing } from '../nothing.tsx';
import { inOrder, useSorting, type Sorting, type SortValues } from '../sorting.ts';
import { TableHead } from '../tables.tsx';
import { counted, countText } from '../time-text.ts';
import { visible } from '../visible-text.ts';
import { Scrolling } from '../scrolling.tsx';

export function HuntPage({ name }: { readonly name: string }) {
  const { found: hunt, problem } = useRepeated<HuntView>(
    `/api/hunts/${encodeURIComponent(name)}`,
    REFRESH_MS,
  );
  useEffect(() => {
    document.title = `Maelstrom: hunt ${name}`;
  }, [name]);
  if (hunt === undefined) {
    return problem === '' ? (
      <p class="page" role="status">
        Loading…
      </p>
    ) : (
      <Nothing name={`Hunt ${name}`} problem={problem} />
    );
  }
  const isPaused = hunt.state === 'running' && hunt.campaign?.state === 'paused';
  return (
    <div class="page hunt-page">
      <h1>
        Hunt in {visible(hunt.program)} ({visible(hunt.workload)})
      </h1>
      <p>
        <Outcome state={isPaused ? 'paused' : hunt.state} />{' '}
        <span class="faint">Seed {visible(hunt.seed)}</span>
        {problem === '' ? null : <span role="status"> {problem}</span>}
      </p>
      <Figures hunt={hunt} />
      {hunt.campaign === undefined ? null : <CampaignSection name={name} campaign={hunt.campaign} />}
      <Failures hunt={hunt} />
      <Faults hunt={hunt} />
      <Expected hunt={hunt} />
      <Doubts hunt={hunt} />
    </div>
  );
}

const effortOf = ({ world, cpuSeconds, workers }: HuntView): string =>
  world === 'real'
    ? `up to ${counted(workers, 'cluster')} at once`
    : `${cpuSeconds.toFixed(1)} s of processor time in ${workers === 1 ? '1 process' : `${countText(workers)} processes`}`;

function Figures({ hunt }: { readonly hunt: HuntView }) {
  const perSecond = hunt.seconds > 0 ? `, ${countText(Math.round(hunt.runs / hunt.seconds))} a second` : '';
  return (
    <section aria-label="Figures">
      <p>
        {counted(hunt.runs, 'run')} in {hunt.seconds.toFixed(1)} s{perSecond}; {effortOf(hunt)}.{' '}
        {clusterTime(hunt.virtualSeconds)}, {counted(hunt.operations, 'operation')},{' '}
        {counted(hunt.messages, 'message')}. {counted(hunt.compared, 'run')} repeated and compared.
      </p>
      {hunt.withoutSuccess === 0 ? null : (
        <p class="faint">
          In {counted(hunt.withoutSuccess, 'run')} no operation succeeded, so they prove nothing.
        </p>
      )}
    </section>
  );
}

function Failures({ hunt }: { readonly hunt: HuntView }) {
  const sorting = useSorting(GROUP_VALUES);
  if (hunt.groups.length === 0) return null;
  const smallestFirst = hunt.groups.toSorted((a, b) => sizeOf(a) - sizeOf(b));
  const groups = inOrder(smallestFirst, sorting);
  return (
    <section aria-label="Failures">
      <h2>
        {counted(hunt.failures, 'failure')}, by kind
        {sorting.order === undefined ? ', the smallest first' : ''}
      </h2>
      {groups.length === 1 ? null : <Kinds groups={groups} sorting={sorting} />}
      {groups.map((group) => (
        <Group key={group.firstRun} group={group} />
      ))}
      {hunt.otherFailures === 0 ? null : (
        <p class="faint">{counted(hunt.otherFailures, 'failure')} of further kinds were counted only.</p>
      )}
    </section>
  );
}

const sizeOf = ({ operations, messages }: HuntGroup): number => operations + messages;

const KIND_COLUMNS = ['Kind', 'Found in', 'First run', 'Nodes', 'Operations', 'Messages', 'Faults'];
/** The figures but the first two are those of its smallest run. */
const GROUP_VALUES: SortValues<HuntGroup> = {
  Kind: ({ signature }) => signature.join(', '),
  'Found in': ({ count }) => count,
  'First run': ({ firstRun }) => firstRun,
  Nodes: ({ nodes }) => nodes,
  Operations: ({ operations }) => operations,
  Messages: ({ messages }) => messages,
  Faults: ({ faults }) => faults.join(', ') || undefined,
};

interface KindsProps {
  readonly groups: readonly HuntGroup[];
  readonly sorting: Sorting<HuntGroup>;
}

/** The kinds at a glance; its headings also order what is below. */
function Kinds({ groups, sorting }: KindsProps) {
  return (
    <Scrolling label="Kinds of failures">
      <table aria-label="Kinds of failures, with their smallest runs">
        <TableHead columns={KIND_COLUMNS} sorting={sorting} />
        <tbody>
          {groups.map((group) => (
            <tr key={group.firstRun}>
              <td>
                <a href={`#${anchorOf(group)}`}>{visible(group.signature.join(', '))}</a>
              </td>
              <td>{counted(group.count, 'run')}</td>
              <td class="number">{countText(group.firstRun)}</td>
              <td class="number">{countText(group.nodes)}</td>
              <td class="number">{countText(group.operations)}</td>
              <td class="number">{countText(group.messages)}</td>
              <td>{visible(faultsOf(group))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

const anchorOf = ({ firstRun }: HuntGroup): string => `failure-${firstRun}`;

const faultsOf = ({ faults }: HuntGroup): string => (faults.length === 0 ? 'no faults' : faults.join(', '));

function Group({ group }: { readonly group: HuntGroup }) {
  return (
    <article class="hunt-group" id={anchorOf(group)}>
      <h3>
        {visible(group.signature.join(', '))}
        {group.also.length === 0 ? '' : visible(` (also ${group.also.join(', ')})`)}:{' '}
        {counted(group.count, 'run')}, first run {group.firstRun}
      </h3>
      <p class="faint">
        The smallest is run {group.run}: {counted(group.nodes, 'node')},{' '}
        {counted(group.operations, 'operation')}, {counted(group.messages, 'message')},{' '}
        {visible(faultsOf(group))}.
        {group.kept === undefined ? null : (
          <>
            {' '}
            <a href={`/run/${group.kept}`}>Open it</a>
          </>
        )}
        {group.shrunk === undefined ? null : (
          <>
            {' '}
            <a href={`/run/${group.shrunk}`}>Open the shrunk run</a>
          </>
        )}
      </p>
      <p class="hunt-sentence">{visible(group.sentence)}</p>
      <pre class="hunt-command" aria-label="The command that shows it again">
        {visible(group.command)}
      </pre>
    </article>
  );
}

function Faults({ hunt }: { readonly hunt: HuntView }) {
  if (hunt.faults.length === 0) return null;
  return (
    <section aria-label="Faults">
      <h2>Faults</h2>
      <Scrolling label="Faults">
        <table aria-label="In how many runs faults happened">
          <TableHead
            columns={[
              'Fault',
              'Runs with it',
              'Requests in flight when it began',
              'Requests succeeded meanwhile',
            ]}
          />
          <tbody>
            {hunt.faults.map((fault) => (
              <tr key={fault.name}>
                <td>{visible(fault.name)}</td>
                <td>{fault.began === 0 ? 'never' : countText(fault.began)}</td>
                <td>{countText(fault.underWay)}</td>
                <td>{countText(fault.succeeded)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
      {hunt.fates.length === 0 ? null : (
        <>
          <h3>Messages between servers, in every tenth run</h3>
          <ul>
            {hunt.fates.map((sentence) => (
              <li key={sentence}>{visible(sentence)}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Expected({ hunt }: { readonly hunt: HuntView }) {
  if (hunt.expected.length === 0) return null;
  return (
    <section aria-label="What should happen at least once">
      <h2>What should happen at least once</h2>
      <ul>
        {hunt.expected.map((sentence) => (
          <li key={sentence}>{visible(sentence)}</li>
        ))}
      </ul>
    </section>
  );
}

function Doubts({ hunt }: { readonly hunt: HuntView }) {
  if (hunt.doubts.length === 0) return null;
  return (
    <section aria-label="Doubts">
      <h2>Unreliable runs</h2>
      {hunt.doubts.map((doubt) => (
        <div key={`${doubt.run} ${doubt.doubt}`}>
          <p>
            Run {doubt.run}: {visible(DOUBTS.get(doubt.doubt) ?? doubt.doubt)}
            {doubt.why === '' ? '' : visible(` ${doubt.why}`)}
          </p>
          <pre class="hunt-command" aria-label={`The command that repeats run ${doubt.run}`}>
            {visible(doubt.command)}
            {REPEATED.has(doubt.doubt) ? ' --check-determinism' : ''}
          </pre>
        </div>
      ))}
    </section>
  );
}

const REPEATED = new Map([
  ['impure', 'It had a different outcome after other runs than alone.'],
  ['not deterministic', 'It had a different outcome when it was repeated with the same seed.'],
]);

const DOUBTS = new Map([
  ...REPEATED,
  ['too many events', 'It was abandoned without a verdict.'],
  ['not judged', 'An invariant could not be evaluated.'],
]);
