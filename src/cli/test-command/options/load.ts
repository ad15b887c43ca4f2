/** Options for the load on the nodes, and its duration. */
import { SETTINGS } from '../../../run/test-spec.ts';
import { withValue, type Given } from '../../words/option.ts';
import { parseNumber } from '../../words/parse-number.ts';
import { number } from './setting-option.ts';

export const LOAD = {
  timeLimit: number('--time-limit <seconds>', 'how long clients send requests', 'timeLimitSeconds'),
  initTimeout: number(
    '--init-timeout <seconds>',
    'time limit for a node to answer init (default: 10, longer while it is busy starting)',
    'initTimeoutSeconds',
  ),
  rate: number('--rate <hz>', 'requests per second, all clients together', 'rate'),
  concurrency: withValue('--concurrency <n>', 'number of concurrent clients; 4n means four per node', {
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
              'With the suffix n it is a number per node: 4n means four per node.',
            )
          : parseNumber(`${flag} Nn`, perNode, range) * nodes.length;
      return { concurrency };
    },
  }),
};

export const REPETITION = {
  testCount: withValue('--test-count <n>', 'number of times to run the test; stops at the first failure', {
    default: '1',
  }),
  jobs: withValue('--jobs <n>', 'with --test-count: number of tests that run in parallel', {
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
