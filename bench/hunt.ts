/**
 * Cost of finding the bug in each program of examples/broken by a hunt: the number of the run that fails, and the CPU
 * time until then, including the time to confirm it. Medians over several hunts in one process.
 *
 *     node bench/run.mjs hunt [HUNTS] [WORD]        only programs whose name contains WORD
 *     node bench/run.mjs hunt right [RUNS] [WORD]   instead: that many runs of the correct examples, none of which may fail
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BROKEN, huntIn, RIGHT, type HuntedExample } from '../test/support/hunted-examples.ts';

const MOST_RUNS = 3000;
const folder = mkdtempSync(join(tmpdir(), 'bench-hunt-'));
const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const [first, ...words] = process.argv.slice(2);
try {
  if (first === 'right') await huntRight(Number(words[0] ?? 200), words[1] ?? '');
  else await huntBroken(Number(first ?? 5), words[0] ?? '');
} finally {
  rmSync(folder, { recursive: true });
}

async function huntBroken(hunts: number, word: string): Promise<void> {
  console.log('program                         run   CPU s  (most)   ops  messages  kinds');
  for (const one of BROKEN.filter(({ program }) => program.includes(word))) {
    const results: Timed[] = [];
    for (let hunt = 1; hunt <= hunts; hunt++)
      results.push(await timed(one, { seed: `bench${hunt}`, runs: MOST_RUNS, collect: false }));
    const of = (take: (result: Timed) => number): number => median(results.map(take));
    const kinds = [
      ...new Set(results.map(({ state }) => state.groups.smallest()?.signature.join('+') ?? 'NOT FOUND')),
    ];
    console.log(
      one.program.padEnd(28),
      String(of(({ state }) => state.tally.runs)).padStart(6),
      of(({ seconds }) => seconds)
        .toFixed(2)
        .padStart(7),
      `(${Math.max(...results.map(({ seconds }) => seconds)).toFixed(2)})`.padStart(8),
      String(of(({ state }) => state.groups.smallest()?.operations ?? 0)).padStart(5),
      String(of(({ state }) => state.groups.smallest()?.messages ?? 0)).padStart(9),
      '',
      kinds.join(' | ').slice(0, 100),
    );
  }
}

async function huntRight(runs: number, word: string): Promise<void> {
  for (const one of RIGHT.filter(({ program }) => program.includes(word))) {
    const { seconds, state } = await timed(one, { seed: 'right', runs, collect: true });
    const { tally, groups, doubts } = state;
    console.log(
      one.program.padEnd(32),
      `${tally.runs} runs, ${seconds.toFixed(1)} s, ${tally.failures} failed, ${tally.undecided} undecided, ${tally.withoutSuccess} without success, ${doubts.length} doubts`,
    );
    for (const { signature, count, smallest } of groups.all()) {
      console.log(`   ${count} x ${signature.join()}: ${smallest.sentence.slice(0, 300)}`);
      console.log(`   ${JSON.stringify({ ...smallest.spec, bin: '' })}`);
    }
  }
}

interface Timed {
  readonly seconds: number;
  readonly state: Awaited<ReturnType<typeof huntIn>>;
}

async function timed(
  example: HuntedExample,
  how: { readonly seed: string; readonly runs: number; readonly collect: boolean },
): Promise<Timed> {
  const before = process.cpuUsage();
  const state = await huntIn(example, { ...how, examples, folder });
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, state };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
