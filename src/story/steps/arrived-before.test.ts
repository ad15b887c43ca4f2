import { describe, expect, it } from 'vitest';
import type { StoryMessage } from '../facts/story-messages.ts';
import { ArrivedBefore } from './arrived-before.ts';

const message = (id: number, dest: string, sentNanos: number, arrivals: readonly number[]): StoryMessage => ({
  id,
  src: 'n0',
  dest,
  sentNanos,
  arrivals,
  losses: [],
  copies: 0,
  origin: undefined,
  byTimer: false,
  isGuessed: false,
});

describe('the last step with a message that was sent later to the same node and arrived earlier', () => {
  it('is the one that a look at every message finds', () => {
    // Small numbers, so that times are often equal.
    let state = 1;
    const below = (limit: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return (state >>> 8) % limit;
    };
    for (let round = 0; round < 300; round++) {
      let id = 0;
      const one = (): StoryMessage => {
        const sent = below(12);
        const arrivals = below(4) === 0 ? [] : [sent + below(8)];
        return message(id++, `n${below(2)}`, sent, arrivals);
      };
      const steps = new Map(
        Array.from({ length: 1 + below(4) }, (_, at) => [at + 1, Array.from({ length: below(5) }, one)]),
      );
      const index = new ArrivedBefore(steps);
      for (const late of [...steps.values()].flat()) {
        const untilNanos = late.sentNanos + below(9);
        const found = [...steps].findLast(([, messages]) =>
          messages.some(
            (other) =>
              other.id !== late.id &&
              other.dest === late.dest &&
              other.sentNanos > late.sentNanos &&
              (other.arrivals[0] ?? Infinity) < untilNanos,
          ),
        );
        expect(index.lastStep(late.dest, { sinceNanos: late.sentNanos, untilNanos })).toBe(found?.[0]);
      }
    }
  });

  it('is found for each of the messages of a step that stands for hundreds of thousands', () => {
    // Looking at every one for every one would take hours.
    const messages = Array.from({ length: 300_000 }, (_, at) => message(at, 'n1', at, [at + 3]));
    const index = new ArrivedBefore(new Map([[1, messages]]));
    const overtaken = messages.filter(
      ({ dest, sentNanos, arrivals: [untilNanos = 0] }) =>
        index.lastStep(dest, { sinceNanos: sentNanos, untilNanos }) !== undefined,
    );
    expect(overtaken).toEqual([]);
    expect(index.lastStep('n1', { sinceNanos: 5, untilNanos: 10 })).toBe(1);
  });
});
