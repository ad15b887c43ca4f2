/**
 * `maelstrom check` on a large file: writes a valid list-append history into a temporary folder, has the command read
 * and check it in a process of its own, and shows wall time, CPU time and peak memory.
 *
 *     node bench/run.mjs check-file [TRANSACTIONS] [json|edn|jsonl]     default: 1000000 jsonl
 *
 * The history is that of a serial store: ten processes, one to four micro-operations per transaction, ten keys at a
 * time, sixteen appends per key.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { opToEdnLine } from '../src/history/op-codec.ts';
import type { Op } from '../src/history/op.ts';
import type { Json } from '../src/protocol/json.ts';
import { Random } from '../src/world/random.ts';

const PROCESSES = 10;
const KEYS = 10;
const APPENDS_PER_KEY = 16;
const MOST_MICRO_OPS = 4;

const [, , countText = '1000000', format = 'jsonl'] = process.argv;
const transactions = Number(countText);
const project = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-bench-'));
try {
  const file = join(folder, `history.${format}`);
  writeHistory(file);
  const megabytes = statSync(file).size / 1e6;
  const built = spawnSync('node', [join(project, 'scripts/build.mjs'), join(folder, 'dist')], {
    stdio: 'inherit',
  });
  if (built.status !== 0) throw new Error('the build failed');
  // Measures from within the command: resourceUsage covers the whole process from its start.
  const probe = join(folder, 'probe.mjs');
  const usageFile = join(folder, 'usage.json');
  writeFileSync(
    probe,
    `import { writeFileSync } from 'node:fs';
     process.on('exit', () => writeFileSync(${JSON.stringify(usageFile)}, JSON.stringify(process.resourceUsage())));`,
  );
  const start = process.hrtime.bigint();
  const run = spawnSync(
    process.execPath,
    ['--import', probe, join(folder, 'dist/maelstrom.js'), 'check', file, '--model', 'list-append'],
    { encoding: 'utf8' },
  );
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  const usage = JSON.parse(readFileSync(usageFile, 'utf8')) as NodeJS.ResourceUsage; // written by the probe
  console.log(run.stdout.trim().split('\n').slice(-4).join('\n'), run.stderr.trim());
  console.log(
    `${transactions.toLocaleString('en')} transactions, ${megabytes.toFixed(0)} MB of ${format}: ` +
      `${wall.toFixed(1)} s wall, ${((usage.userCPUTime + usage.systemCPUTime) / 1e6).toFixed(1)} s CPU, ` +
      `${(usage.maxRSS / 1024).toFixed(0)} MB at most`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

/**
 * Writes the history. Each transaction takes effect when it completes; about half of the processes are busy at any
 * time.
 */
function writeHistory(file: string): void {
  const fd = openSync(file, 'w');
  const random = Random.fromSeed('check-file');
  const lists = new Map<number, number[]>();
  const active = Array.from({ length: KEYS }, (_, key) => key);
  let nextKey = KEYS;
  const open: (Json[][] | undefined)[] = [];
  let index = 0;
  let begun = 0;
  let text = format === 'json' ? '[' : '';
  const write = (type: Op['type'], process: number, value: Json): void => {
    const op: Op = { index, time: index * 1000, type, process, f: 'txn', value };
    text +=
      format === 'edn' ? opToEdnLine(op) : (format === 'json' && index > 0 ? ',' : '') + JSON.stringify(op);
    text += '\n';
    index++;
    if (text.length > 1 << 20) {
      writeSync(fd, text);
      text = '';
    }
  };
  const begin = (): Json[][] =>
    Array.from({ length: 1 + random.int(MOST_MICRO_OPS) }, () => {
      const place = random.int(KEYS);
      const key = active[place] ?? 0;
      if (random.boolean()) return ['r', key, null];
      const list = lists.get(key) ?? [];
      lists.set(key, list);
      // The value is set when the append takes effect; a key is full once enough appends have been requested.
      const asked = (askedFor.get(key) ?? 0) + 1;
      askedFor.set(key, asked);
      if (asked === APPENDS_PER_KEY) active[place] = nextKey++;
      return ['append', key, asked];
    });
  const askedFor = new Map<number, number>();
  const complete = (mops: readonly Json[][]): Json =>
    mops.map(([f = '', key = 0, value = null]) => {
      const list = lists.get(Number(key)) ?? [];
      lists.set(Number(key), list);
      if (f === 'r') return [f, key, [...list]];
      list.push(Number(value));
      return [f, key, value];
    });
  while (begun < transactions || open.some((mops) => mops !== undefined)) {
    const process = random.int(PROCESSES);
    const mops = open[process];
    if (mops !== undefined) {
      write('ok', process, complete(mops));
      open[process] = undefined;
    } else if (begun < transactions) {
      begun++;
      open[process] = begin();
      write('invoke', process, open[process] ?? []);
    }
  }
  writeSync(fd, text + (format === 'json' ? ']\n' : ''));
  closeSync(fd);
}
