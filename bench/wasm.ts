/**
 * Cost of a message for a node in WebAssembly in the simulated world, in each of the two ways of running it, compared
 * with a node in JavaScript: echo on one node, CPU time of all threads. The difference of a long and a short run.
 *
 *     node bench/run.mjs wasm [MESSAGES]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleNode } from '../src/world/bundling/bundle.ts';
import { canSuspend, type WasmWay } from '../src/world/wasi/module/compiled-wasm.ts';
import { Programs } from '../src/world/simulated/program/programs.ts';
import { SimulatedWorld } from '../src/world/simulated/simulated-world.ts';

const MESSAGES = Number(process.argv[2] ?? 20_000);
const SHORT = Math.floor(MESSAGES / 10);
const ROUNDS = 3;
const folder = mkdtempSync(join(tmpdir(), 'bench-wasm-'));

const script = join(folder, 'echo.mjs');
writeFileSync(
  script,
  `import { createInterface } from 'node:readline';
createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, dest, body } = JSON.parse(line);
  const answer = { src: dest, dest: src, body: { type: 'echo_ok', echo: body.echo, in_reply_to: body.msg_id } };
  process.stdout.write(JSON.stringify(answer) + '\\n');
});`,
);

/** Returns the CPU time, in microseconds, of a node that answers this many messages one at a time. */
async function measure(bin: string, wasmWay: WasmWay, messages: number): Promise<number> {
  const programs = new Programs({ wasmWay });
  const world = new SimulatedWorld({ seed: 1, programs, watchdog: false });
  const before = process.cpuUsage();
  await world.run(async () => {
    const done = world.deferred<void>();
    let id = 0;
    const next = (): void => {
      const body = Buffer.from(`{"type":"echo","msg_id":${++id},"echo":"Please echo ${id}"}`);
      node.deliver({ id, src: 'c1', dest: 'n1', body });
    };
    const node = world.startNode(
      { name: 'n1', bin, args: [] },
      {
        line: () => (id === messages ? done.resolve() : next()),
        brokenLine: console.error,
        stdoutClosed: () => {},
        exit: console.error,
      },
    );
    next();
    await done.promise;
  });
  const { user, system } = process.cpuUsage(before);
  await world.close();
  programs.clear();
  return user + system;
}

async function median(bin: string, way: WasmWay): Promise<number> {
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const short = await measure(bin, way, SHORT);
    costs.push(((await measure(bin, way, MESSAGES)) - short) / (MESSAGES - SHORT));
  }
  return costs.toSorted((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0;
}

const wasm = (await bundleNode(resolve('../test/wasm/echo.wasm'), 'simulated', folder)).bin;
const js = (await bundleNode(script, 'simulated', folder)).bin;
const show = (name: string, micros: number): void =>
  console.log(`${name.padEnd(34)} ${micros.toFixed(1)} us of processor time a message`);
show('JavaScript', await median(js, 'thread'));
show('WebAssembly, a thread for each node', await median(wasm, 'thread'));
if (canSuspend) show('WebAssembly, suspended (JSPI)', await median(wasm, 'suspended'));
else console.log('WebAssembly, suspended (JSPI): not in this Node; it is in Node 24');
rmSync(folder, { recursive: true });
