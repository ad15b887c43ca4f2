/**
 * Mistakes planted one at a time in right programs that replicate by themselves: the Raft of examples/raft,
 * Viewstamped Replication, CASPaxos, and primary and backups (bench/planted). Measures how many runs and how much CPU
 * time a hunt takes until clients see each, without invariants.
 *
 *     node bench/run.mjs planted [WORDS...]     only mistakes whose name contains one of these words
 *       --hunts 1                               hunts of each, each with a seed of its own
 *       --cpu 30                                seconds after which a hunt gives up
 *       --right                                 instead: the programs without a mistake, in which nothing may be found
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openSimulator } from '../src/harness/simulations/simulator.ts';
import { seedOfRun } from '../src/hunt/hunt.ts';
import { JobRunner } from '../src/hunt/job.ts';
import { isFailure } from '../src/hunt/outcome.ts';
import { linKv } from '../src/workloads/lin-kv/lin-kv.ts';
import { bundleNode } from '../src/world/bundling/bundle.ts';
import { planOf } from '../test/support/hunted-examples.ts';
import { MISTAKES, PROGRAMS, type Mistake, type Program } from './planted/mistakes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    hunts: { type: 'string', default: '1' },
    cpu: { type: 'string', default: '30' },
    right: { type: 'boolean', default: false },
  },
});

interface Result {
  readonly runs: number;
  readonly seconds: number;
  /** Empty if nothing was found. */
  readonly signature: readonly string[];
}

/** Copies the program, with the mistake planted. Throws if the program no longer has the text to replace. */
function plant({ folder, main }: Program, { patches }: Pick<Mistake, 'patches'>, into: string): string {
  const copy = join(into, 'program');
  cpSync(join(root, folder), copy, { recursive: true });
  for (const { file, from, to } of patches) {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    if (text.split(from).length !== 2) throw new Error(`${file} does not have exactly once: ${from}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  // The program imports the SDK by its name.
  mkdirSync(join(into, 'node_modules'));
  symlinkSync(root, join(into, 'node_modules/maelstrom'));
  return join(copy, main);
}

async function hunted(
  program: Program,
  mistake: Pick<Mistake, 'patches' | 'also'>,
  seed: string,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-planted-'));
  const simulator = openSimulator();
  try {
    const source = plant(program, mistake, folder);
    const { bin } = await bundleNode(source, 'simulated', join(folder, 'bundle'));
    const first = planOf({ workload: 'lin-kv', program: '', also: mistake.also ?? [] }, source);
    const before = process.cpuUsage();
    const spent = (): number => {
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    };
    const measured = await new JobRunner(first, bin, linKv, simulator, {}).run({ number: 0, seed });
    const { readySeconds = 0, failoverSeconds } = measured;
    const plan = { ...first, readySeconds, ...(failoverSeconds === undefined ? {} : { failoverSeconds }) };
    const runner = new JobRunner(plan, bin, linKv, simulator, {});
    for (let number = 1; ; number++) {
      const { outcome } = await runner.run({ number, seed: seedOfRun(seed, number) });
      const done = { runs: number, seconds: spent(), signature: outcome.signature };
      if (isFailure(outcome)) return done;
      if (done.seconds > Number(options.cpu)) return { ...done, signature: [] };
    }
  } finally {
    simulator.close();
    rmSync(folder, { recursive: true });
  }
}

const programOf = (name: string): Program => {
  const program = PROGRAMS.get(name);
  if (program === undefined) throw new Error(`no program ${name}`);
  return program;
};

const all: readonly (Mistake & { readonly of: string })[] = options.right
  ? [...PROGRAMS.keys()].map((of) => ({ of, name: `${of}, right`, patches: [] }))
  : MISTAKES;
let found = 0;
let tried = 0;
const seconds: number[] = [];
for (const mistake of all) {
  const name = `${mistake.of}: ${mistake.name}`;
  if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
  for (let hunt = 1; hunt <= Number(options.hunts); hunt++) {
    const result = await hunted(programOf(mistake.of), mistake, `planted${hunt}`);
    tried++;
    if (result.signature.length > 0) found++;
    seconds.push(result.seconds);
    const kind = result.signature.length === 0 ? 'NOT FOUND' : result.signature.join('+');
    console.log(
      name.padEnd(52),
      String(result.runs).padStart(5),
      `${result.seconds.toFixed(1)} s`.padStart(8),
      ` ${kind}`,
    );
  }
}
const sum = seconds.reduce((total, one) => total + one, 0);
console.log(`${found} of ${tried} hunts found a failure, in ${sum.toFixed(0)} s of CPU`);
