/**
 * Cost of exploring: the time to find the bug in each program of examples/broken; the time until the correct examples
 * are fully explored within the bounds; and, for both, executions per second of CPU time.
 *
 *     node bench/run.mjs exploring broken [WORD] [--nodes N] [--ops N] [--deviations N] [--time SECONDS]
 *     node bench/run.mjs exploring right [WORD] [--nodes N] [--ops N] [--deviations N] [--time SECONDS]
 *
 * --runs N: maximum number of executions, to compare the cost of the same ones.
 * WORD: only programs whose names contain it. Everything runs in this process; the command uses all processors.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  exploredHere,
  RIGHT_TWINS,
  BROKEN,
  type ExploredExample,
} from '../test/support/explored-examples.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: 'string', default: '3' },
    ops: { type: 'string', default: '3' },
    deviations: { type: 'string', default: '3' },
    time: { type: 'string', default: '60' },
    runs: { type: 'string', default: 'Infinity' },
  },
});
const [what = 'broken', word = ''] = positionals;
const folder = mkdtempSync(join(tmpdir(), 'bench-exploring-'));
const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const bounds = {
  mostNodes: Number(values.nodes),
  mostOps: Number(values.ops),
  mostDeviations: Number(values.deviations),
};

try {
  const some = what === 'right' ? RIGHT_TWINS : BROKEN;
  for (const example of some.filter(({ program }) => program.includes(word))) await one(example);
} finally {
  rmSync(folder, { recursive: true });
}

async function one(example: ExploredExample): Promise<void> {
  const signal = AbortSignal.timeout(Number(values.time) * 1000);
  const before = process.cpuUsage();
  const explored = await exploredHere(example, {
    examples,
    folder,
    bounds,
    signal,
    mostExecutions: Number(values.runs),
  });
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  const { executions, counts } = explored;
  const rate = Math.round(executions / seconds);
  const end =
    explored.end === 'found'
      ? `${explored.failure.signature.join('+')} with ${explored.failure.deviations.length} deviations, ${explored.scope.nodes.length} nodes, ${explored.scope.course.ops.length} operations`
      : explored.end === 'cut'
        ? `cut; at least ${explored.left} left; complete: ${explored.complete.map(({ nodes, ops, deviations }) => `${nodes}x${ops}x${deviations}`).join(' ')}`
        : 'complete';
  console.log(
    `${example.workload} ${example.program}`.padEnd(50),
    `${executions} executions (${counts.join('+')})`.padEnd(42),
    `${seconds.toFixed(1)} s CPU, ${rate}/s`.padEnd(22),
    explored.isImpure ? 'IMPURE' : '',
    end,
  );
}
