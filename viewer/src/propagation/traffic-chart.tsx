/** Messages between servers per operation, over the run. */
import type { ServerTraffic } from '../../../src/recording/spreading/propagation-view.ts';
import type { FaultView } from '../../../src/recording/views.ts';
import { countText, momentText } from '../time-text.ts';
import { Chart, FaultBands, LeftAxis, linearScale, stepPath, TimeAxis } from './chart.tsx';

export interface TrafficChartProps {
  readonly traffic: ServerTraffic;
  readonly faults: readonly FaultView[];
}

export function TrafficChart({ traffic, faults }: TrafficChartProps) {
  const { from, to } = traffic;
  const rates = messagesPerOperation(traffic);
  const high = Math.max(1, ...rates.map((rate) => rate ?? 0));
  const top = rates.indexOf(high);
  const partNanos = (to - from) / rates.length;
  return (
    <Chart
      title="Messages between servers per operation, over the run"
      label={
        top === -1
          ? 'There was never more than one message per operation.'
          : `At most ${rateText(high)} messages per operation, around ${momentText(from + (top + 0.5) * partNanos, 1e8)}.`
      }
    >
      {(frame) => {
        const x = linearScale(from, to, frame.left, frame.right);
        const y = linearScale(0, high * 1.05, frame.bottom, frame.top);
        return (
          <>
            <FaultBands frame={frame} faults={faults} range={traffic} x={x} />
            <TimeAxis frame={frame} range={traffic} x={x} />
            <LeftAxis
              frame={frame}
              ticks={[0, high / 2, high].map((value) => ({ value, label: rateText(value) }))}
              y={y}
            />
            {stretches(rates).map(({ first, values }) => (
              <path
                key={first}
                class="line median"
                d={stepPath(
                  [...values, values.at(-1) ?? 0].map(
                    (rate, at) => [x(from + (first + at) * partNanos), y(rate)] as const,
                  ),
                )}
              />
            ))}
          </>
        );
      }}
    </Chart>
  );
}

/** Returns null for parts in which no operation was invoked. */
function messagesPerOperation({ messages, operations }: ServerTraffic): readonly (number | null)[] {
  return messages.map((count, part) => {
    const invoked = operations[part] ?? 0;
    return invoked === 0 ? null : count / invoked;
  });
}

/** Returns the rate over the whole run, as `net.servers.msgs-per-op` in the results. */
export function wholeRate({ messages, operations }: ServerTraffic): number | undefined {
  const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0);
  const invoked = sum(operations);
  return invoked === 0 ? undefined : sum(messages) / invoked;
}

export const rateText = (rate: number): string =>
  rate >= 100 ? countText(Math.round(rate)) : String(Math.round(rate * 100) / 100);

interface RateStretch {
  readonly first: number;
  readonly values: readonly number[];
}

/** Returns the contiguous parts of the run in which operations were invoked. */
function stretches(rates: readonly (number | null)[]): readonly RateStretch[] {
  const found: { first: number; values: number[] }[] = [];
  for (const [part, rate] of rates.entries()) {
    if (rate === null) continue;
    const last = found.at(-1);
    if (last !== undefined && last.first + last.values.length === part) last.values.push(rate);
    else found.push({ first: part, values: [rate] });
  }
  return found;
}
