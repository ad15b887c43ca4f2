/** Options for the load on the nodes, and its duration. */
import { SETTINGS } from '../../../run/test-spec.ts';
import { withValue, type Given } from '../../words/option.ts';
import { parseNumber } from '../../words/parse-number.ts';
import { number } from './setting-option.ts';

export const LOAD = {
  timeLimit: number('--time-limit <seconds>', 'how long requests are made', 'timeLimitSeconds'),
  initTimeout: number(
    '--init-timeout <seconds>',
    'how long a node may take to answer init (default: 10, more while it is busy starting)',
    'initTimeoutSeconds',
  ),
  rate: number('--rate <hz>', 'requests per second, over all clients', 'rate'),
  concurrency: withValue('--concurrency <n>', 'clients at once; 4n means four for each node', {
    default: '1n',
    read: (word, { nodes }: { readonly nodes: readonly string[] }, flag) => {
      const { range } = SETTINGS.concurrency.shape;
      const perNode = /^(.+)n$/i.exec(word.trim())?.[1];
      const concurrency =
        perNode === undefined
          ? parseNumber(
              flag,
              word,
              range,
              'With an n behind it, it counts for each node: 4n is four for each.',
            )
          : parseNumber(`${flag} Nn`, perNode, range) * nodes.length;
      return { concurrency };
    },
  }),
};

export const REPETITION = {
  testCount: withValue('--test-count <n>', 'repeat the test, until one fails', { default: '1' }),
  jobs: withValue('--jobs <n>', 'with --test-count: how many of the tests run side by side', {
    default: '1',
  }),
};

export interface Repetition {
  readonly testCount: number;
  /** Number of tests at a time; at most `testCount`. */
  readonly jobs: number;
}

export function readRepetition({ testCount, jobs }: Given<typeof REPETITION>): Repetition {
  const count = parseNumber('--test-count', testCount, { min: 1, integer: true });
  return {
    testCount: count,
    jobs: Math.min(count, parseNumber('--jobs', jobs, { min: 1, max: 1000, integer: true })),
  };
}
