/**
 * Cost of starting a simulated node, and the extra cost if its program loads Node's streams.
 *
 *     node bench/run.mjs guest-start [NODES]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleNode } from '../src/world/bundling/bundle.ts';
import { SimulatedWorld } from '../src/world/simulated/simulated-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-guest-'));
const NODES = Number(process.argv[2] ?? 25);
const ROUNDS = 20;

const programs = {
  plain: `process.stdin.on('data', () => {}); console.log('up');`,
  'with readline': `import { createInterface } from 'node:readline'; createInterface({ input: process.stdin }).on('line', () => {}); console.log('up');`,
  'with node:stream': `import { Transform } from 'node:stream'; process.stdin.pipe(new Transform()); console.log('up');`,
};

for (const [name, source] of Object.entries(programs)) {
  const file = join(folder, 'program.mjs');
  writeFileSync(file, source);
  const { bin } = await bundleNode(file, 'simulated', folder);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const world = new SimulatedWorld({ seed: 1 });
    const before = process.cpuUsage();
    await world.run(async () => {
      const done = world.deferred<void>();
      let left = NODES;
      for (let i = 0; i < NODES; i++) {
        const line = (): void => {
          if (--left === 0) done.resolve();
        };
        world.startNode(
          { name: `n${i}`, bin, args: [] },
          { line, brokenLine: console.log, stdoutClosed: () => {}, exit: console.log },
        );
      }
      await done.promise;
    });
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000 / NODES);
    await world.close();
  }
  times.sort((left, right) => left - right);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  console.log(
    `${name.padEnd(20)} ${median.toFixed(2)} ms of processor time a node (median of ${ROUNDS} worlds of ${NODES})`,
  );
}
rmSync(folder, { recursive: true });
