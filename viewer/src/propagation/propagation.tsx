/** The tab `propagation` of a broadcast or a grow-only set: how its elements spread to the nodes, and at what cost. */
import type { ReadonlySignal, Signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type {
  Delays,
  ElementLine,
  PathStep,
  PropagationView,
  SlowElement,
} from '../../../src/recording/spreading/propagation-view.ts';
import type { Overview } from '../../../src/recording/views.ts';
import type { OpenRun } from '../source/open-run.ts';
import { counted, countText, momentText } from '../time-text.ts';
import { changeView, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';
import { CurveChart, CurveLegend } from './curve-chart.tsx';
import { ElementChart } from './element-chart.tsx';
import { delayText, type Missing, NodeTable, SlowTable } from './spread-tables.tsx';
import { rateText, TrafficChart, wholeRate } from './traffic-chart.tsx';
import { Scrolling } from '../scrolling.tsx';

export interface PropagationProps {
  readonly run: OpenRun;
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
}

export function Propagation({ run, view, overview }: PropagationProps) {
  const [found, setFound] = useState<PropagationView | undefined>(undefined);
  const [problem, setProblem] = useState('');
  const { messages, operations, isRunning, faults } = overview.value;
  // Asks again once a run that is still going has ended.
  useEffect(() => {
    let isCurrent = true;
    run.propagation().then(
      (answer) => isCurrent && setFound(answer),
      (error: Error) => isCurrent && setProblem(error.message),
    );
    return () => (isCurrent = false);
  }, [run, isRunning, isRunning ? 0 : messages, isRunning ? 0 : operations]);
  if (problem !== '') return <p class="note">{problem}</p>;
  if (found === undefined) return <p class="faint">Loading…</p>;
  if (messages === 0)
    return <p class="faint">Without its messages it is unknown how the elements of this run spread.</p>;
  if (found.elements === 0) return <p class="faint">No element has reached a node.</p>;

  const { selection } = view.value;
  const selected = selection?.kind === 'operation' ? selection.index : undefined;
  const showElement = ({ index, invoked, all }: ElementLine): void =>
    changeView(view, {
      selection: { kind: 'operation', index },
      range: around(invoked, all === null ? undefined : invoked + all),
      mark: '',
    });
  const showStep = ({ message, at }: PathStep, { invoked }: SlowElement): void =>
    changeView(view, {
      selection: { kind: 'message', id: message },
      mark: `way:${message}`,
      range: around(invoked, at),
    });
  const until = knownUntil(found, run, overview.value);
  const missing = until === undefined ? 'never' : 'not yet';
  return (
    <div class="spread">
      <Summary found={found} until={until} />
      <div class="spread-charts">
        <div>
          <CurveChart found={found} missing={missing} />
          <CurveLegend />
        </div>
        <ElementChart
          found={found}
          missing={missing}
          faults={faults}
          selected={selected}
          onPick={showElement}
        />
        <TrafficChart traffic={found.traffic} faults={faults} />
      </div>
      <h3>The slowest elements</h3>
      <SlowTable
        missing={missing}
        slowest={found.slowest}
        selected={selected}
        onElement={showElement}
        onStep={showStep}
      />
      <h3>Nodes</h3>
      <NodeTable missing={missing} byNode={found.byNode} />
    </div>
  );
}

/** Returns the range with a small margin at both ends; without `to`, one second from `from`. */
function around(from: number, to = from + 1e9): { readonly from: number; readonly to: number } {
  const air = Math.max(1e6, 0.1 * (to - from));
  return { from: from - air, to: to + air };
}

/** Returns where the known part of the run ends; undefined if that is where the run ends. */
function knownUntil(
  { limits }: PropagationView,
  { untilNanos }: OpenRun,
  { isRunning, endNanos }: Overview,
): number | undefined {
  const ends = [limits.untilNanos, untilNanos, isRunning ? endNanos : undefined];
  const known = ends.filter((end) => end !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

interface SummaryProps {
  readonly found: PropagationView;
  readonly until: number | undefined;
}

function Summary({ found, until }: SummaryProps) {
  const { elements, reachedAll, neverSent, nodes, toHalf, toAll, traffic, stableLatenciesMs } = found;
  const rate = wholeRate(traffic);
  const missed = elements - reachedAll;
  const missing = until === undefined ? 'never' : 'not yet';
  return (
    <>
      <p>
        {missed === 0
          ? `${elements === 1 ? 'The only element' : `All ${countText(elements)} elements`} reached ${counted(nodes.length, 'node')}.`
          : until === undefined
            ? `${countText(missed)} of ${counted(elements, 'element')} did not reach all ${countText(nodes.length)} nodes.`
            : `By ${momentText(until)}, where what is known of the run ends, ${countText(missed)} of ${counted(elements, 'element')} had not yet reached all ${countText(nodes.length)} nodes.`}
        {rate === undefined ? '' : ` The servers sent ${rateText(rate)} messages per operation.`}
        {neverSent === 0
          ? ''
          : ` ${counted(neverSent, 'element')} whose operation did not succeed reached no node and ${neverSent === 1 ? 'is' : 'are'} not counted.`}
      </p>
      <Scrolling label="Delays">
        <table aria-label="Delays" class="spread-delays">
          <thead>
            <tr>
              {['Elements', 'Median', '95 %', '99 %', 'Slowest'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <DelayRow name="on half of the nodes" missing={missing} {...toHalf} />
            <DelayRow name="on all nodes" missing={missing} {...toAll} />
            {stableLatenciesMs === undefined ? null : (
              <DelayRow
                name="stable latency of reads (results)"
                missing={missing}
                {...inNanos(stableLatenciesMs)}
              />
            )}
          </tbody>
        </table>
      </Scrolling>
      <Basis found={found} />
    </>
  );
}

interface DelayRowProps extends Delays {
  readonly name: string;
  readonly missing: Missing;
}

function DelayRow({ name, missing, p50, p95, p99, max }: DelayRowProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {[p50, p95, p99, max].map((delay, at) => (
        <td key={at} class="number">
          {delayText(delay, missing)}
        </td>
      ))}
    </tr>
  );
}

function inNanos(latencies: Readonly<Record<string, number>>): Delays {
  const at = (quantile: string): number | null => {
    const ms = latencies[quantile];
    return ms === undefined ? null : ms * 1e6;
  };
  return { p50: at('0.5'), p95: at('0.95'), p99: at('0.99'), max: at('1') };
}

/** What the numbers are based on, and what they leave out. */
function Basis({ found }: { readonly found: PropagationView }) {
  const { untilNanos, unreadBodies, unreadElements, ignoredFields } = found.limits;
  return (
    <>
      <p class="faint">
        A node has an element from the first arrival of a message that carries it, in any field and at any
        depth, sent by a client or by a node or service that had it; or from the first read of that node that
        shows it. Delays count from when the client sent it.
        {found.stableLatenciesMs === undefined
          ? ''
          : ' The stable latency counts from the acknowledgement to the last read without it, so it only sees what reads saw.'}
      </p>
      {untilNanos === undefined ? null : (
        <p class="note" role="note">
          The run is too large to analyse completely: this covers its first {momentText(untilNanos)}; the rest
          is left out.
        </p>
      )}
      {unreadBodies + unreadElements === 0 ? null : (
        <p class="note" role="note">
          {counted(unreadBodies, 'message')} and {counted(unreadElements, 'operation')} could not be read: too
          long, cut off (as long ones are in report.html), or no JSON. What they carried is not counted.
        </p>
      )}
      {ignoredFields.length === 0 ? null : (
        <p class="faint">
          Ignored, because these fields mostly hold other values:{' '}
          {ignoredFields.map((field, at) => (
            <span key={field}>
              {at === 0 ? '' : ', '}
              <code>{visible(field)}</code>
            </span>
          ))}
          .
        </p>
      )}
    </>
  );
}
