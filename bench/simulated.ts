/**
 * Cost of the simulated world itself: starting nodes, and one message into and one out of a node that answers at once,
 * one that awaits three promises first, and one whose answers are long.
 *
 *     node bench/run.mjs simulated
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleNode } from '../src/world/bundling/bundle.ts';
import { SimulatedWorld } from '../src/world/simulated/simulated-world.ts';
import type { NodeHandle, Packet } from '../src/world/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-simulated-'));

const programs = {
  'plain, answers at once': `
    import { createInterface } from 'node:readline';
    createInterface({ input: process.stdin }).on('line', (line) => {
      const { src, dest, body } = JSON.parse(line);
      process.stdout.write(JSON.stringify({ src: dest, dest: src, body: { ...body, in_reply_to: body.msg_id } }) + '\\n');
    });`,
  'plain, three awaits': `
    import { createInterface } from 'node:readline';
    for await (const line of createInterface({ input: process.stdin })) {
      const { src, dest, body } = JSON.parse(line);
      await null; await Promise.resolve(1);
      console.log(JSON.stringify({ src: dest, dest: src, body: { ...body, in_reply_to: body.msg_id } }));
    }`,
  'with the SDK': `
    import { Node } from 'maelstrom/node';
    const node = new Node();
    node.on('echo', (body) => ({ echo: body.echo }));`,
  'with the SDK, 1500 integers an answer': `
    import { Node } from 'maelstrom/node';
    const node = new Node();
    const messages = Array.from({ length: 1500 }, (_, i) => i);
    node.on('echo', () => ({ messages }));`,
};

const NODES = Number(process.argv[2] ?? 5);
const init = { type: 'init', msg_id: 1, node_id: 'n', node_ids: ['n'] };

for (const [name, source] of Object.entries(programs)) {
  const file = join(folder, 'program.ts');
  writeFileSync(file, source);
  const compileMs = await timed(async () => void (await bundleNode(file, 'simulated', folder)));
  const { bin } = await bundleNode(file, 'simulated', folder);
  const world = new SimulatedWorld({ seed: 1 });
  const exchanges = name.includes('integers') ? 3_000 : 100_000;
  let startMs = 0;
  const totalMs = await timed(() =>
    world.run(async () => {
      const done = world.deferred<void>();
      const begin = performance.now();
      let left = exchanges;
      let id = 0;
      const nodes: NodeHandle[] = [];
      const send = (node: NodeHandle, body: Buffer): void => {
        const packet: Packet = { id: id++, src: 'c1', dest: node.name, body };
        world.clock.schedule(world.clock.nowNanos() + 100_000_000, () => node.deliver(packet));
      };
      const echo = Buffer.from('{"type":"echo","echo":"Please echo 123","msg_id":12}');
      for (let i = 0; i < NODES; i++) {
        const node = world.startNode(
          { name: `n${i}`, bin, args: [] },
          {
            line: () => {
              startMs ||= performance.now() - begin;
              if (left-- === 0) done.resolve();
              else if (left > 0) send(node, echo);
            },
            brokenLine: (problem) => console.log(problem),
            stdoutClosed: () => {},
            exit: (exit) => console.log(exit),
          },
        );
        nodes.push(node);
        node.deliver({ id: id++, src: 'c1', dest: node.name, body: Buffer.from(JSON.stringify(init)) });
        for (let k = 0; k < 3; k++) send(node, echo);
      }
      await done.promise;
    }),
  );
  await world.close();
  const perExchange = ((totalMs - startMs) * 1000) / exchanges;
  console.log(
    `${name.padEnd(40)} ${perExchange.toFixed(2).padStart(7)} us an exchange; ` +
      `${NODES} nodes started in ${startMs.toFixed(0)} ms, compiled in ${compileMs.toFixed(0)} ms`,
  );
}
rmSync(folder, { recursive: true });

async function timed(run: () => Promise<void>): Promise<number> {
  // CPU time, because wall-clock time includes what other processes do.
  const begin = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}
