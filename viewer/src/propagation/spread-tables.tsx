/** The slowest elements with their path to the last node, and the delays of each node. */
import type { NodeDelays, PathStep, SlowElement } from '../../../src/recording/spreading/propagation-view.ts';
import { TableHead } from '../tables.tsx';
import { momentText, spanText } from '../time-text.ts';
import { visible } from '../visible-text.ts';
import { Scrolling } from '../scrolling.tsx';

/** A delay that is unknown: the element never came, or had not come when the known part of the run ends. */
export type Missing = 'never' | 'not yet';

export const delayText = (delay: number | null, missing: Missing): string =>
  delay === null ? missing : spanText(delay);

export interface SlowTableProps {
  readonly missing: Missing;
  readonly slowest: readonly SlowElement[];
  readonly selected: number | undefined;
  readonly onElement: (element: SlowElement) => void;
  readonly onStep: (step: PathStep, element: SlowElement) => void;
}

export function SlowTable({ missing, slowest, selected, onElement, onStep }: SlowTableProps) {
  return (
    <Scrolling label="Slowest elements">
      <table aria-label="Slowest elements">
        <TableHead
          columns={[
            'Element',
            'Added',
            'On half',
            'On all',
            missing === 'never' ? 'Never reached' : 'Not yet on',
            'Path to the last node',
          ]}
        />
        <tbody>
          {slowest.map((one) => (
            <tr key={one.index} class={one.index === selected ? 'selected' : ''}>
              <td class="mono">
                <button type="button" class="link" onClick={() => onElement(one)}>
                  {visible(one.element)}
                </button>
              </td>
              <td class="number">{momentText(one.invoked)}</td>
              <td class="number">{delayText(one.half, missing)}</td>
              <td class="number">{delayText(one.all, missing)}</td>
              <td>{visible(missingText(one))}</td>
              <td>
                {one.path.map((step, at) => (
                  <span key={step.to}>
                    {at === 0 ? `${visible(step.from)} ` : ' '}
                    <button
                      type="button"
                      class="link"
                      title={`message ${step.message}, at ${momentText(step.at)}`}
                      aria-label={`Message ${step.message}, ${step.byRead ? 'a read shows it on' : 'brings it to'} ${visible(step.to)}`}
                      onClick={() => onStep(step, one)}
                    >
                      {step.byRead ? 'read' : '→'} {visible(step.to)}
                    </button>{' '}
                    <span class="faint">
                      {step.at === one.invoked ? 'at once' : `+${spanText(step.at - one.invoked)}`}
                    </span>
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

function missingText({ missing, missingCount }: SlowElement): string {
  const rest = missingCount - missing.length;
  return missing.join(' ') + (rest > 0 ? ` and ${rest} more` : '');
}

export interface NodeTableProps {
  readonly missing: Missing;
  readonly byNode: readonly NodeDelays[];
}

export function NodeTable({ missing, byNode }: NodeTableProps) {
  return (
    <Scrolling label="Delays by node">
      <table aria-label="Delays by node">
        <TableHead
          columns={['Node', 'Median', 'Slowest', missing === 'never' ? 'Never reached it' : 'Not there yet']}
        />
        <tbody>
          {byNode.map(({ node, p50, max, missing: count }) => (
            <tr key={node}>
              <td>{visible(node)}</td>
              <td class="number">{delayText(p50, missing)}</td>
              <td class="number">{delayText(max, missing)}</td>
              <td class="number">{count === 0 ? '' : count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}
