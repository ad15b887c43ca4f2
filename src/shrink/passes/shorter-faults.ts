/** Makes faults end sooner, or only with the healing. */
import { NANOS_PER_MS } from '../../world/clock.ts';
import { faultSpans, withFaultSpans, type FaultSpan } from '../course-edits.ts';
import { firstOr, type Pass } from './pass.ts';

const LASTS_MS = [1, 10, 100, 1000];

export const shorterFaults: Pass = {
  name: 'shortening faults',
  async reduce(best, trials) {
    let current = best;
    for (let at = faultSpans(current).length - 1; at >= 0; at--) {
      const spans = faultSpans(current);
      const candidates = shorter(spans[at]).map((span) =>
        withFaultSpans(
          current,
          spans.map((other, index) => (index === at ? span : other)),
        ),
      );
      current = await firstOr(current, candidates, trials);
    }
    return current;
  },
};

function shorter(span: FaultSpan | undefined): readonly FaultSpan[] {
  if (span?.end === undefined) return [];
  const { begin, end } = span;
  const lasts = end.atNanos - begin.atNanos;
  const sooner = LASTS_MS.map((ms) => ms * NANOS_PER_MS).filter((nanos) => nanos < lasts);
  return [
    { begin, end: undefined },
    ...sooner.map((nanos): FaultSpan => ({ begin, end: { ...end, atNanos: begin.atNanos + nanos } })),
  ];
}
