/**
 * results.edn and history.edn have the same types as upstream's when Clojure reads them: for each workload a correct and a
 * wrong program are run, and their results compared with a record of upstream's types (`result-types/`), key by key.
 */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { EdnList, EdnMap, EdnSet, EdnSymbol, Keyword, writeEdn, type Edn } from '../../src/edn/edn-value.ts';
import { readEdn } from '../../src/edn/edn-reader.ts';
import { JsonNumber } from '../../src/protocol/json.ts';
import type { TestResults } from '../../src/run/verdict/analysis.ts';
import { resultsToEdn } from '../../src/store/results/result-shapes.ts';
import { resultsToEdnText } from '../../src/store/results/results-text.ts';
import { CommandRunner } from '../proof/run-command.ts';

const runner = new CommandRunner();
afterAll(() => runner.close());

const record = (name: string): Edn =>
  readEdn(readFileSync(new URL(`result-types/${name}.edn`, import.meta.url), 'utf8'));

const OP = record('op');
const RUN = record('run');

/** Returns the differences between a value and a type, each with its path. */
function differences(value: Edn, type: Edn, workload: Edn, path = ''): string[] {
  const inner = (item: Edn, wanted: Edn, step: string): string[] =>
    differences(item, wanted, workload, `${path} ${step}`);
  const wrong = (wanted: string): string[] => [`${path}: ${writeEdn(value).slice(0, 80)} is no ${wanted}`];
  if (type === null) return value === null ? [] : wrong('nil');
  if (type instanceof EdnSymbol) {
    if (type.name === 'workload') return inner(value, workload, '');
    if (type.name === 'op') return inner(value, OP, '');
    return TYPES[type.name]?.(value) === true ? [] : wrong(type.name);
  }
  if (type instanceof EdnMap) return value instanceof EdnMap ? ofMap(value, type) : wrong('map');
  if (!(type instanceof EdnList)) throw new Error(`${writeEdn(type)} is no type`);
  const [word, ...args] = type.items;
  const [first = null, second = null] = args;
  switch (word instanceof EdnSymbol ? word.name : '') {
    case 'maybe':
      return inner(value, first, '');
    case 'or': {
      const all = args.map((each) => inner(value, each, ''));
      return all.some((each) => each.length === 0)
        ? []
        : (all.toSorted((a, b) => a.length - b.length)[0] ?? wrong('type'));
    }
    case 'set':
      return value instanceof EdnSet ? value.items.flatMap((item) => inner(item, first, '#')) : wrong('set');
    case 'seq': {
      const items = itemsOf(value);
      return items === undefined ? wrong('seq') : items.flatMap((item, at) => inner(item, first, String(at)));
    }
    case 'tuple': {
      const items = itemsOf(value);
      return items?.length === args.length
        ? items.flatMap((item, at) => inner(item, args[at] ?? null, String(at)))
        : wrong(`tuple of ${args.length}`);
    }
    case 'map':
      return value instanceof EdnMap
        ? value.entries.flatMap(([key, item]) => [
            ...inner(key, first, 'key'),
            ...inner(item, second, writeEdn(key)),
          ])
        : wrong('map');
    default:
      throw new Error(`${writeEdn(type)} is no type`);
  }

  function ofMap(map: EdnMap, wanted: EdnMap): string[] {
    const ours = wanted.get('ours');
    const own = new Set(ours instanceof EdnSet ? ours.items.map(writeEdn) : []);
    const others = wanted.entries.find(([key]) => key instanceof EdnList)?.[1];
    const found = map.entries.flatMap(([key, item]) => {
      const name = key instanceof Keyword ? key.name : '';
      const each = name === '' ? undefined : (wanted.get(name) ?? others);
      if (each !== undefined) return inner(item, each, `:${name}`);
      return own.has(writeEdn(key)) ? [] : [`${path}: unknown key ${writeEdn(key)}`];
    });
    const missing = wanted.entries.flatMap(([key, each]) =>
      !(key instanceof Keyword) || key.name === 'ours' || isOptional(each) || map.get(key.name) !== undefined
        ? []
        : [`${path}: no ${writeEdn(key)}`],
    );
    return [...found, ...missing];
  }
}

const isOptional = (type: Edn): boolean =>
  type instanceof EdnList && type.items[0] instanceof EdnSymbol && type.items[0].name === 'maybe';

const itemsOf = (value: Edn): readonly Edn[] | undefined =>
  value instanceof EdnList ? value.items : Array.isArray(value) ? (value as readonly Edn[]) : undefined;

const isFloat = (value: Edn): boolean =>
  value instanceof JsonNumber || (typeof value === 'number' && !Number.isInteger(value));

const TYPES: Readonly<Record<string, (value: Edn) => boolean>> = {
  int: (value) => Number.isSafeInteger(value) || typeof value === 'bigint',
  float: isFloat,
  string: (value) => typeof value === 'string',
  keyword: (value) => value instanceof Keyword,
  symbol: (value) => value instanceof EdnSymbol,
  bool: (value) => typeof value === 'boolean',
  nil: (value) => value === null,
  verdict: (value) => typeof value === 'boolean' || (value instanceof Keyword && value.name === 'unknown'),
  value: () => true,
};

/** Correct and wrong programs of each workload, with text required in the results, so that keys of errors are compared too. */
const CASES: Readonly<Record<string, readonly (readonly [command: string, shows: string])[]>> = {
  echo: [
    ['--bin examples/echo.ts', ':errors ()'],
    ['--bin examples/broken/echo.ts', '"Expected a message with :echo"'],
  ],
  'unique-ids': [
    ['--bin examples/unique-ids.ts', ':duplicated {}'],
    ['--bin examples/broken/unique-ids.ts --rate 100', ':duplicated-count'],
  ],
  broadcast: [
    ['--bin examples/broadcast.ts --latency 50 --rate 50', ':stale'],
    ['--bin examples/broken/broadcast.ts --nemesis partition --rate 50', ':worst-lost'],
  ],
  'g-set': [
    ['--bin examples/g-set.ts --rate 50', ':stable-latencies'],
    ['--bin examples/broken/g-set.ts --nemesis kill,partition --nemesis-interval 2 --rate 50', ':lost'],
  ],
  'g-counter': [
    ['--bin examples/g-counter.ts', ':errors nil'],
    ['--bin examples/broken/g-counter.ts --nemesis partition --nemesis-interval 2', ':errors ('],
  ],
  'pn-counter': [
    ['--bin examples/pn-counter.ts', ':acceptable ('],
    ['--bin examples/broken/pn-counter.ts --nemesis partition --nemesis-interval 2', ':final-reads ('],
  ],
  kafka: [
    ['--bin examples/kafka.ts --node-count 1 --concurrency 4n --rate 50', ':bad-error-types ()'],
    [
      '--bin examples/broken/forgets-on-restart.ts --node-count 1 --time-limit 10 --concurrency 4n --rate 100 --nemesis kill --nemesis-interval 1',
      ':bad-error-types (:',
    ],
    [
      '--bin examples/broken/kafka-offsets-reused.ts --time-limit 3 --concurrency 2n --rate 100 --latency 10',
      ':offset',
    ],
  ],
  'lin-kv': [
    ['--bin examples/lin-kv.ts --concurrency 2n --rate 50', ':linearizable {:valid? true}'],
    [
      '--bin examples/lin-kv.ts --concurrency 4n --rate 100 --nemesis duplicate --nemesis-interval 1 --time-limit 10',
      ':final-paths',
    ],
  ],
  'txn-list-append': [
    ['--bin examples/txn-list-append.ts --node-count 1 --rate 50', ':workload {:valid? true}'],
    [
      '--bin examples/broken/txn-lost-update.ts --time-limit 2 --concurrency 2n --rate 50 --latency 10',
      ':anomaly-types (:',
    ],
    [
      '--bin examples/broken/txn-write-skew.ts --time-limit 5 --concurrency 2n --rate 50 --latency 10',
      ':also-not #{',
    ],
    [
      '--bin examples/broken/txn-dirty-read.ts --time-limit 3 --concurrency 2n --rate 50 --latency 10',
      ':writer',
    ],
  ],
  'txn-rw-register': [
    [
      '--bin examples/txn-rw-register.ts --consistency-models read-committed --rate 50',
      ':workload {:valid? true',
    ],
    [
      '--bin examples/txn-rw-register-uncommitted.ts --concurrency 4n --rate 200 --latency 20 --nemesis partition --nemesis-interval 2',
      ':anomaly-types (:',
    ],
  ],
};

function expectTypes(results: TestResults, workload: string): void {
  const odd: string[] = [];
  resultsToEdn(results, workload, odd);
  expect(odd).toEqual([]);
  const read = readEdn(resultsToEdnText(results, workload));
  expect(differences(read, RUN, record(workload))).toEqual([]);
}

describe.each(Object.entries(CASES))('%s', (workload, cases) => {
  it.each(cases)('%s', async (command, shows) => {
    const words = /--time-limit/.test(command) ? command : `${command} --time-limit 4`;
    const { results } = await runner.run(`-w ${workload} ${words}`, 'types');
    expect(resultsToEdnText(results, workload)).toContain(shows);
    expectTypes(results, workload);
  });
});

describe('the comparison', () => {
  const good = { perf: { 'valid?': true } } as const;

  it('finds a key of a wrong type, one that is missing, and one that is not declared', () => {
    const found = (text: string): string[] => differences(readEdn(text), RUN, record('echo'));
    expect(found('{:perf {:valid? "yes"}}')).toContain(' :perf :valid?: "yes" is no verdict');
    expect(found('{:availability {:valid? true, :ok-fraction 1}}')).toContain(
      ' :availability :ok-fraction: 1 is no float',
    );
    expect(found('{:perf {:valid? true}}')).toContain(': no :stats');
    expect(found('{:perf {:valid? true, :surprise 1}}')).toContain(' :perf: unknown key :surprise');
  });

  it('and so does the writer itself', () => {
    const odd: string[] = [];
    resultsToEdn(
      {
        ...good,
        availability: { 'valid?': true, 'ok-fraction': 'all' },
        workload: { 'valid?': true, surprise: 1 },
        'valid?': true,
      },
      'echo',
      odd,
    );
    expect(odd).toEqual([
      'availability.ok-fraction: expected a number',
      'workload.surprise: expected no such key',
    ]);
  });
});
