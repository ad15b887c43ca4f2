/** The options of `maelstrom test`, from words to spec. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TestSpec } from '../../run/test-spec.ts';
import { readTestSpec } from './read-test-spec.ts';
import { parseWords } from '../words/read-words.ts';
import { TEST_COMMAND, type TestWords } from './test-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CONTEXT = {
  resolveBin: (path: string) => `/programs/${path}`,
  freshSeed: () => 'fresh',
};

function parse(words: string): TestWords {
  const parsed = parseWords(TEST_COMMAND, words.split(' '), 80);
  if (parsed.kind === 'help') throw new Error('help was shown');
  return parsed.words;
}

const spec = (words: string): TestSpec => readTestSpec(parse(words), CONTEXT);

describe('the options', () => {
  it('that take one value report which values are ignored if they are given more than once', () => {
    const notes = (words: string): readonly string[] => parse(`--bin node ${words}`).notes;
    expect(notes('--nemesis partition --rate 3 --nemesis kill')).toEqual([
      '--nemesis was given twice: the last one counts, and partition is left out; several are written --nemesis partition,kill.',
    ]);
    expect(parse('--bin node --nemesis partition --nemesis kill').options.nemesis).toBe('kill');
    expect(notes('--rate 1 --rate 2 --rate 3')).toEqual([
      '--rate was given three times: the last one counts, and 1 and 2 are left out.',
    ]);
    expect(notes('-w echo -w broadcast')[0]).toContain('--workload was given twice');
    // Nothing is ignored; may be repeated; is an option of the program.
    expect(notes('--rate 1 --rate 1')).toEqual([]);
    expect(notes('-n a -n b')).toEqual([]);
    expect(notes('--rate 1 -- --rate 2')).toEqual([]);
  });

  it("have upstream's defaults", () => {
    expect(spec('--bin node')).toEqual({
      workload: 'lin-kv',
      bin: '/programs/node',
      args: [],
      nodes: ['n1', 'n2', 'n3', 'n4', 'n5'],
      concurrency: 5,
      rate: 5,
      timeLimitSeconds: 60,
      recoverySeconds: 10,
      latency: { distribution: 'constant', meanMs: 0 },
      nemesis: [],
      nemesisIntervalSeconds: 10,
      topology: 'grid',
      consistencyModels: ['strict-serializable'],
      maxTxnLength: 4,
      maxWritesPerKey: 16,
      lenient: false,
      strict: false,
      logStderr: false,
      logNetSend: false,
      logNetRecv: false,
      seed: 'fresh',
      world: 'real',
    });
  });

  it('are all recognized', () => {
    const words =
      '-w broadcast --bin b --node-count 3 --concurrency 4n --rate 0.5 --time-limit 2.5 --latency 20 --latency-dist uniform ' +
      '--nemesis partition,kill --nemesis-interval 3 --topology tree4 --availability total --consistency-models serializable,read-committed ' +
      '--key-count 7 --max-txn-length 2 --max-writes-per-key 9 --repeat-elements 0.25 --log-stderr --log-net-send --log-net-recv --recovery-time 0 --seed s --simulate --lenient';
    expect(spec(words)).toEqual({
      workload: 'broadcast',
      bin: '/programs/b',
      args: [],
      nodes: ['n0', 'n1', 'n2'],
      concurrency: 12,
      rate: 0.5,
      timeLimitSeconds: 2.5,
      recoverySeconds: 0,
      latency: { distribution: 'uniform', meanMs: 20 },
      nemesis: ['partition', 'kill'],
      nemesisIntervalSeconds: 3,
      topology: 'tree4',
      availability: 1,
      consistencyModels: ['serializable', 'read-committed'],
      keyCount: 7,
      repeatElements: 0.25,
      maxTxnLength: 2,
      maxWritesPerKey: 9,
      lenient: true,
      strict: false,
      logStderr: true,
      logNetSend: true,
      logNetRecv: true,
      seed: 's',
      world: 'simulated',
    });
  });

  it('say how the version order of registers is inferred, in their workload only', () => {
    const registers = (words: string) => spec(`-w txn-rw-register --bin b ${words}`);
    expect(registers('--wfr-keys')).not.toHaveProperty('wfrKeys');
    expect(registers('--no-wfr-keys --sequential-keys --linearizable-keys')).toMatchObject({
      wfrKeys: false,
      sequentialKeys: true,
      linearizableKeys: true,
    });
    expect(() => spec('-w echo --bin b --linearizable-keys')).toThrow(
      '--linearizable-keys does not apply to the workload echo',
    );
    expect(() => spec('-w echo --bin b --no-wfr-keys')).toThrow('--no-wfr-keys does not apply');
    expect(() => spec('-w echo --bin b --wfr-keys')).toThrow('--wfr-keys does not apply');
    expect(() => spec('-w lin-kv --bin b --repeat-elements 0.5')).toThrow('--repeat-elements does not apply');
  });

  it('that compare two runs are for the simulated world', () => {
    expect(parse('--bin b --simulate --check-determinism').options.checkDeterminism).toBe(true);
    expect(spec('-w echo --bin b --simulate --check-determinism')).toEqual(
      spec('-w echo --bin b --simulate'),
    );
    expect(() => spec('-w echo --bin b --check-determinism')).toThrow(
      '--check-determinism needs --simulate: in the real world, timing varies and no two runs are the same.',
    );
  });

  it('that contradict each other are refused', () => {
    expect(() => spec('-w echo --bin b --strict --lenient')).toThrow(
      '--strict and --lenient contradict each other: one turns warnings into violations, the other violations into warnings.',
    );
  });

  it.each(['--nodes-file', '--latency-file', '--link-latency', '--fault-script'])(
    'explain why the file of %s cannot be read',
    (option) => {
      expect(() => spec(`-w echo --bin b ${option} /nowhere`)).toThrow(`${option}: /nowhere does not exist.`);
      expect(() => spec(`-w echo --bin b ${option} /`)).toThrow(`${option}: / is a folder; expected a file.`);
      expect(() => spec(`-w echo --bin b ${option} /dev/zero`)).toThrow(
        `${option}: /dev/zero is a device; expected a file.`,
      );
    },
  );

  it('name the nodes that faults hit: each word is a separate choice, the named nodes together are one', () => {
    expect(spec('--bin b --nemesis-targets n3,one,n1').nemesisTargets).toEqual(['one', ['n3', 'n1']]);
    expect(spec('--bin b --nemesis-targets majority').nemesisTargets).toEqual(['majority']);
    expect(() => spec('--bin b --nemesis-targets majorty')).toThrow('Did you mean majority?');
    expect(() => spec('--bin b --nemesis-targets n9')).toThrow('there is no target "n9"');
  });

  it('read a fault script from its file, and allow no nemesis with it', () => {
    const file = join(folder, 'story.json');
    writeFileSync(file, '[{"at": 2, "fault": "kill", "target": ["n1"], "for": 1}]');
    expect(spec(`--bin b --fault-script ${file}`).faultScript).toEqual([
      { at: 2, fault: 'kill', target: ['n1'], for: 1 },
    ]);
    expect(() => spec(`--bin b --fault-script ${file} --time-limit 1`)).toThrow(
      'entry 1 has `at` 2; expected',
    );
    expect(() => spec(`--bin b --fault-script ${file} --nemesis kill`)).toThrow('cannot be combined');
    expect(() => spec('--bin b --fault-script nowhere.json')).toThrow('nowhere.json does not exist');
  });

  it('accept options about SSH, without effect', () => {
    const words =
      '--bin b --no-ssh --username u --password p --ssh-private-key k --strict-host-key-checking --leave-db-running --logging-json';
    expect(spec(words)).toEqual(spec('--bin b'));
  });

  it('are explained by --help, in groups', () => {
    const parsed = parseWords(TEST_COMMAND, ['--help'], 100);
    expect(parsed.kind === 'help' && parsed.text).toMatch(
      /What to test:[^]*--bin <program>[^]*Faults:[^]*--nemesis/,
    );
  });
});

describe('arguments of the program', () => {
  it('may follow -- or the options', () => {
    expect(parse('--bin b -- --verbose --rate 5 x').args).toEqual(['--verbose', '--rate', '5', 'x']);
    expect(parse('--bin b serve --rate 9 now').args).toEqual(['serve', 'now']);
    expect(parse('--bin b serve --rate 9 now').options.rate).toBe('9');
    expect(parse('--bin b --nemesis partition -- kill').args).toEqual(['kill']);
    expect(parse('--bin b kill').args).toEqual(['kill']);
  });

  it.each([
    ['--bin b --rat 5', /Unknown option '--rat'\. Did you mean --rate\?|\(Did you mean/],
    ['--bin b --workers 2', /Unknown option '--workers'\. Did you mean --jobs\?/],
    ['--bin b --runs 2', /Unknown option '--runs'\. Did you mean --test-count\?/],
    ['--bin b serve --verbose', /Unknown option '--verbose'/],
    ['--bin b -x', /Unknown option '-x'/],
    ['--bin b -nemesis partition', /-nemesis needs two dashes\. Did you mean --nemesis\?/],
    ['--bin', /argument missing/],
    ['broadcast --bin b', /broadcast is the name of a workload.*Did you mean -w broadcast\?/],
    ['--bin b echo more', /echo is the name of a workload/],
    [
      '--bin b --nemesis partition kill',
      /kill is the name of a fault.* Did you mean --nemesis partition,kill\?/,
    ],
    ['--bin b --nemesis=partition kill', /Did you mean --nemesis partition,kill\?/],
    ['--bin b --nemesis partition, kill', /Did you mean --nemesis partition,kill\?/],
    ['--bin b --nodes x y z --rate 5', /^y would be passed .* Did you mean --nodes x,y,z\?/],
    ['--bin b -n x y', /x be the only node\. Did you mean --nodes x,y\?/],
  ])('%s is refused', (words, message) => {
    expect(() => parse(words)).toThrow(message);
    expect(() => parse(words)).toThrow(expect.objectContaining({ name: 'UserError' }));
  });
});

describe('nodes', () => {
  it('may be followed by an argument of the program, if they are several', () => {
    expect(spec('--bin b --nodes x,y fast').nodes).toEqual(['x', 'y']);
  });

  it('are named by -n, --nodes and --nodes-file together', () => {
    const file = join(folder, 'nodes');
    writeFileSync(file, 'x\n\n y \n');
    expect(spec(`--bin b -n a --nodes b,c --node d --nodes-file ${file}`).nodes).toEqual([
      'a',
      'd',
      'b',
      'c',
      'x',
      'y',
    ]);
  });

  it('are not counted by --nodes, which explore does', () => {
    expect(() => spec('--bin b --nodes 3')).toThrow('would make one node that is named 3');
    expect(spec('--bin b --nodes 1,2').nodes).toEqual(['1', '2']);
    expect(spec('--bin b -n 3').nodes).toEqual(['3']);
  });

  it('are counted by --node-count, whatever else is given', () => {
    expect(spec('--bin b -n a --node-count 2').nodes).toEqual(['n0', 'n1']);
  });

  it.each([
    ['-n ../x', /cannot be the name of a node/],
    ['-n a -n a', /Two nodes are named a/],
    ['-n c1', /clients are named c0/],
    ['-n lin-kv', /there is a service/],
    ['--nodes a,,b', /"" cannot be the name/],
    ['--nodes-file /nowhere', /does not exist/],
    ['--node-count 0', /from 1 to 1000/],
  ])('%s is refused', (words, message) => {
    expect(() => spec(`--bin b ${words}`)).toThrow(message);
  });
});

describe('faults on links', () => {
  const conditions = (words: string): object => {
    const { steady, faultStrengths } = spec(`--bin b ${words}`);
    return { ...(steady && { steady }), ...(faultStrengths && { faultStrengths }) };
  };

  it('that the nemesis does not name last for the whole run', () => {
    expect(conditions('--loss 0.1 --duplicate 0.05')).toEqual({ steady: { loss: 0.1, duplicate: 0.05 } });
    expect(conditions('--nemesis partition')).toEqual({});
  });

  it('that the nemesis names have the given strength', () => {
    expect(conditions('--nemesis loss,slow,reorder,flap --loss 0.2 --duplicate 1 --slow 50ms..2s')).toEqual({
      steady: { duplicate: 1 },
      faultStrengths: { loss: 0.2, slow: { kind: 'range', fromMs: 50, toMs: 2000 } },
    });
    expect(conditions('--nemesis slow,flap,reorder --latency 5 --slow 20x --flap 0.5s --reorder .5')).toEqual(
      {
        faultStrengths: { slow: { kind: 'factor', factor: 20 }, flapPeriodMs: 500, reorder: 0.5 },
      },
    );
  });

  it.each([
    ['500ms', { jumpMs: { from: 500, to: 500 } }],
    ['-1s..2s', { jumpMs: { from: 1000, to: 2000, sign: -1 } }],
    ['2%', { drift: { from: 0.02, to: 0.02 } }],
    ['+10ms,0%..5%', { jumpMs: { from: 10, to: 10, sign: 1 }, drift: { from: 0, to: 0.05 } }],
  ])('clocks are skewed by --skew %s', (text, skew) => {
    expect(conditions(`--simulate --nemesis skew --skew ${text}`)).toEqual({ faultStrengths: { skew } });
  });

  it('that a fault script names count as named', () => {
    const file = join(folder, 'script.json');
    writeFileSync(file, '[{"at": 1, "fault": "loss", "target": ["n1"], "for": 2}]');
    expect(conditions(`--fault-script ${file} --loss 0.5`)).toEqual({ faultStrengths: { loss: 0.5 } });
  });

  it.each([
    [
      '--loss 1.5',
      '--loss must be a probability from 0 to 1, but is "1.5".',
      'For 1.5 percent: --loss 0.015',
    ],
    ['--loss 10%', '--loss must be a probability', 'For 10 percent: --loss 0.1'],
    ['--duplicate -0.1', '--duplicate must be a probability from 0 to 1, but is "-0.1".', undefined],
    ['--slow 50ms..2s', 'that fault is not enabled', 'Add --nemesis slow.'],
    ['--nemesis loss --flap 1s', 'that fault is not enabled', 'Add --nemesis loss,flap.'],
    ['--nemesis slow --slow 2s..50ms', 'the range 2s..50ms is reversed', 'Did you mean 50ms..2s?'],
    [
      '--nemesis slow --slow 50..2s',
      '--slow must be a time such as 200ms or 1.5s, but is "50".',
      'Add a unit: 50ms or 50s.',
    ],
    [
      '--nemesis slow --slow 2s',
      '--slow must be a factor such as 20x, or a range',
      'For a fixed value: --slow 2s..2s',
    ],
    ['--nemesis slow --slow 10x', '--slow 10x slows nothing down', expect.stringContaining('--latency 10')],
    ['--nemesis slow --latency 5 --slow 0.5x', 'a factor from 1x to 1000x', undefined],
    [
      '--nemesis flap --flap 200',
      '--flap must be a time such as 200ms or 1.5s, but is "200".',
      'Add a unit: 200ms or 200s.',
    ],
    ['--nemesis flap --flap 1ms', '--flap must be a time of at least 2ms', undefined],
    ['--nemesis flap --flap 3min', '--flap must be a time such as', 'The units are ms and s.'],
    ['--skew 1s', 'that fault is not enabled', 'Add --nemesis skew.'],
    [
      '--simulate --nemesis skew --skew 1s,2s',
      '--skew must be one jump, one drift, or one of each, but is "1s,2s".',
      expect.stringContaining('1s,2%'),
    ],
    ['--simulate --nemesis skew --skew fast', '--skew must be a time such as 200ms', undefined],
    ['--simulate --nemesis skew --skew 0ms', '--skew must be a jump of at least 1ms, but is 0ms.', undefined],
    ['--simulate --nemesis skew --skew 80%', '--skew must be a drift of up to 50%', undefined],
    ['--simulate --nemesis skew --skew 5%..1%', 'the range 5%..1% is reversed', 'Did you mean 1%..5%?'],
    ['--nemesis skew', 'only the simulated world can do', expect.stringContaining('--simulate')],
  ])('%s is refused', (words, message, hint) => {
    expect(() => spec(`--bin b ${words}`)).toThrow(
      expect.objectContaining({ name: 'UserError', message: expect.stringContaining(message), hint }),
    );
  });

  it('skew is accepted with --simulate', () => {
    expect(spec('--bin b --nemesis skew --simulate').nemesis).toEqual(['skew']);
  });
});

describe('latencies', () => {
  const written = (text: string): string => {
    const file = join(folder, 'latency');
    writeFileSync(file, text);
    return file;
  };

  it('may be lognormal or pareto', () => {
    expect(spec('--bin b --latency 20 --latency-dist lognormal').latency).toEqual({
      distribution: 'lognormal',
      meanMs: 20,
    });
  });

  it.each([
    ['one a line', '1\n2.5\r\n\n5.5\n'],
    ['a JSON array', ' [1, 2.5, 5.5]'],
  ])('may come from a file, %s', (_, text) => {
    expect(spec(`--bin b --latency-file ${written(text)}`).latency).toEqual({
      distribution: 'measured',
      meanMs: 3,
      valuesMs: [1, 2.5, 5.5],
    });
  });

  it.each([
    ['', 'contains no values'],
    ['1\n2ms\n', 'value 2 of'],
    ['[1, -2]', 'element 2 of'],
    ['[1, "2"]', 'element 2 of'],
    ['[1,', 'is not JSON'],
  ])('from a file with %j are refused', (text, message) => {
    expect(() => spec(`--bin b --latency-file ${written(text)}`)).toThrow(message);
  });

  it('from a file allow no mean and no distribution', () => {
    const file = written('1');
    expect(() => spec(`--bin b --latency-file ${file} --latency 5`)).toThrow('cannot be combined');
    expect(() => spec(`--bin b --latency-file ${file} --latency-dist pareto`)).toThrow('cannot be combined');
  });

  it('may differ between regions, as in the example', () => {
    const { latency } = spec(
      '--bin b --link-latency examples/latency/three-regions.json --latency-dist exponential',
    );
    expect(latency).toMatchObject({ distribution: 'exponential', meanMs: 0 });
    expect(Object.keys(latency.regions?.regions ?? {})).toEqual(['eu', 'us', 'asia']);
    expect(latency.regions?.latency['eu->asia']).toBe(110);
  });

  it.each([
    ['{}', 'must be an object with regions and latency'],
    ['{"regions": {"eu": "n1"}, "latency": {}}', 'expected a list of nodes'],
    ['{"regions": {"eu": ["n1", "n7"]}, "latency": {}}', '"n7", which is not a node of this test'],
    ['{"regions": {"eu": ["n1"], "us": ["n1"]}, "latency": {}}', 'assigns n1 to two regions, eu and us'],
    ['{"regions": {"eu": ["n1"]}, "latency": {}}', 'assigns no region to n2'],
    ['{"regions": {"eu": ["n1"], "us": ["n2"]}, "latency": {}}', 'has no latency from eu to us'],
    ['{"regions": {"eu": ["n1"], "us": ["n2"]}, "latency": {"eu->uss": 1}}', 'Did you mean us?'],
    [
      '{"regions": {"eu": ["n1"], "us": ["n2"]}, "latency": {"eu->us": "80ms"}}',
      'expected a number of milliseconds',
    ],
  ])('of regions such as %s are refused', (text, message) => {
    expect(() => spec(`--bin b --nodes n1,n2 --link-latency ${written(text)}`)).toThrow(message);
  });
});

describe('mistyped options', () => {
  it.each([
    [
      '-w echo --bin x node-count 3',
      'node-count is the name of an option, but has no dashes. Did you mean --node-count?',
    ],
    ['-w echo --bin x rate=5', 'rate=5 is the name of an option, but has no dashes. Did you mean --rate=5?'],
    ['-w echo --bin=~/x', '--bin is ~/x, but the shell has not expanded the ~'],
    ['-w echo --bin x --store ~/x', '--store is ~/x, but the shell has not expanded the ~'],
  ])('%s', (words, message) => {
    expect(() => spec(words)).toThrow(message);
  });

  it('may be meant for the program after --', () => {
    expect(spec('-w echo --bin x -- node-count 3').args).toEqual(['node-count', '3']);
  });
});

describe('invalid values', () => {
  it.each([
    ['-w ehco --bin b', 'there is no workload "ehco". Did you mean echo?'],
    ['--bin b --nemesis partitions', 'there is no fault "partitions". Did you mean partition?'],
    ['--bin b --topology gird', 'there is no topology "gird". Did you mean grid?'],
    ['--bin b --consistency-models serialisable', 'Did you mean serializable?'],
    ['--bin b --latency-dist normal', 'there is no distribution "normal".'],
    ['--bin b --latency -1', '--latency must be a number of milliseconds, at least 0, but is "-1".'],
    ['--bin b --time-limit 0', '--time-limit must be a number of seconds, greater than 0, but is "0".'],
    ['--bin b --concurrency 0n', '--concurrency'],
    ['--bin b --concurrency n', '--concurrency'],
    ['--bin b --availability 1.5', '--availability must be a number from 0 to 1, but is "1.5".'],
    ['--bin b --availability all', '--availability must be total, or a fraction'],
    ['--bin b --nemesis --rate 5', '--nemesis needs a value, but is followed by --rate.'],
    ['./node', 'No program was given: --bin is missing.'],
  ])('%s is refused', (words, message) => {
    expect(() => spec(words)).toThrow(message);
  });
});
