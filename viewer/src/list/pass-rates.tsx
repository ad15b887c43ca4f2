/** The pass rate of each program and workload over the listed runs. */
import { groupedBy } from '../../../src/columns/groups.ts';
import { useState } from 'preact/hooks';
import type { RunCard } from '../../../src/recording/views.ts';
import { TableHead } from '../tables.tsx';
import { visible } from '../visible-text.ts';

const COLUMNS = ['Program', 'Workload', 'Passed', 'Rate', 'Msgs/op', 'Stable'];
const JUDGED = new Set(['valid', 'invalid', 'unknown']);

interface PassRatesProps {
  readonly runs: readonly RunCard[];
  /** Lists the runs of one program. */
  readonly onChoose: (filter: string) => void;
}

export function PassRates({ runs, onChoose }: PassRatesProps) {
  const [isOpen, setOpen] = useState(false);
  const groups = groupsOf(runs);
  if (groups.length === 0) return null;
  return (
    <details class="pass-rates" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Pass rate by program</summary>
      {isOpen ? <Rates groups={groups} onChoose={onChoose} /> : null}
    </details>
  );
}

interface RatesProps {
  readonly groups: readonly Group[];
  readonly onChoose: (filter: string) => void;
}

function Rates({ groups, onChoose }: RatesProps) {
  return (
    <>
      <div class="scroll-x">
        <table aria-label="Pass rate by program">
          <TableHead columns={COLUMNS} />
          <tbody>
            {groups.map(({ program, workload, runs: own }) => {
              const passed = own.filter(({ verdict }) => verdict === 'valid').length;
              return (
                <tr key={`${program} ${workload}`}>
                  <td title={visible(program)}>
                    <button
                      type="button"
                      class="quiet"
                      onClick={() => onChoose(`${program} ${workload}`)}
                      aria-label={`List the runs of ${visible(program)}, ${workload}`}
                    >
                      {visible(program)}
                    </button>
                  </td>
                  <td>{visible(workload)}</td>
                  <td class="number">
                    {passed} of {own.length}
                  </td>
                  <td class="number">{Math.floor((100 * passed) / own.length)} %</td>
                  <td class="number">
                    {medianText(
                      own.map((run) => run.messagesPerOperation),
                      '',
                    )}
                  </td>
                  <td class="number">
                    {medianText(
                      own.map((run) => run.stableMs?.median),
                      ' ms',
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p class="faint">Of runs that came to a verdict; figures are medians over them.</p>
    </>
  );
}

interface Group {
  readonly program: string;
  readonly workload: string;
  readonly runs: readonly RunCard[];
}

/** Returns the groups, lowest rate first. */
function groupsOf(runs: readonly RunCard[]): readonly Group[] {
  const judged = runs.filter(({ verdict }) => JUDGED.has(verdict));
  const groups = groupedBy(judged, ({ program, workload }) => JSON.stringify([program, workload]));
  const rateOf = ({ runs: own }: Group): number =>
    own.filter(({ verdict }) => verdict === 'valid').length / own.length;
  return [...groups.values()]
    .flatMap((own) =>
      own.slice(0, 1).map(({ program, workload }): Group => ({ program, workload, runs: own })),
    )
    .toSorted((a, b) => rateOf(a) - rateOf(b) || b.runs.length - a.runs.length);
}

function medianText(figures: readonly (number | undefined)[], unit: string): string {
  const known = figures.filter((figure) => figure !== undefined).toSorted((a, b) => a - b);
  const median = known[Math.ceil(known.length / 2) - 1];
  return median === undefined ? '' : `${Number(median.toPrecision(3))}${unit}`;
}
