/**
 * CPU time of the harness per message: five compiled nodes that forward 100-byte messages, through pipes, scanner,
 * network and the journal on disk; and the same nodes under a minimal router in C.
 *
 *     node bench/run.mjs router [MESSAGES] [IN_FLIGHT] [LATENCY_MS]        default: 1000000 16 0
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileJournal } from '../src/network/journal/journal-file.ts';
import { Network } from '../src/network/network.ts';
import { NodePort } from '../src/network/node-port.ts';
import { ViolationLog } from '../src/network/violations.ts';
import { RealWorld } from '../src/world/real/real-world.ts';

const NODES = 5;
const messages = Number(process.argv[2] ?? 1_000_000);
const inFlight = Number(process.argv[3] ?? 16);
const latencyMs = Number(process.argv[4] ?? 0);
const warmUp = messages / 10;

const compile = (source: string): string => {
  const program = join('.build', source.replaceAll('/', '-').replace(/\.c$/, ''));
  execFileSync('cc', ['-O2', '-D_GNU_SOURCE', '-o', program, source]);
  return join(process.cwd(), program);
};

interface Measured {
  readonly microsPerMessage: number;
  readonly messagesPerSecond: number;
}

async function routeByHarness(program: string): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'maelstrom-bench-'));
  const world = new RealWorld({ seed: 'bench' });
  const { clock } = world;
  const journal = new FileJournal(folder);
  const network = new Network({
    clock,
    random: world.random,
    latency: { distribution: 'constant', meanMs: latencyMs },
    journal,
  });
  const violations = new ViolationLog({ onViolation: ({ message }) => console.error(message) });
  for (let i = 1; i <= NODES; i++) {
    const name = `n${i}`;
    const port = new NodePort({ name, network, violations, onExit: (exit) => console.error(name, exit) });
    port.connect(world.startNode({ name, bin: program, args: [String(NODES)] }, port));
    network.attach(name, 'node', port);
  }
  network.attach('c1', 'client', { deliver() {} });
  for (let i = 0; i < inFlight; i++)
    network.sendJson('c1', `n${(i % NODES) + 1}`, { type: 'hop', msg_id: i });

  const reached = async (count: number): Promise<void> => {
    const done = world.deferred<void>();
    const look = (): void => {
      if (network.messages >= count) done.resolve();
      else clock.schedule(clock.nowNanos() + 5e6, look);
    };
    look();
    await done.promise;
  };
  await reached(warmUp);
  const before = { cpu: process.cpuUsage(), messages: network.messages, nanos: clock.nowNanos() };
  await reached(warmUp + messages);
  const { user, system } = process.cpuUsage(before.cpu);
  const count = network.messages - before.messages;
  const seconds = (clock.nowNanos() - before.nanos) / 1e9;
  network.close();
  await world.close();
  journal.close();
  rmSync(folder, { recursive: true });
  console.log(
    `harness: ${count} messages, user ${(user / count).toFixed(2)} + system ${(system / count).toFixed(2)} us each`,
  );
  return { microsPerMessage: (user + system) / count, messagesPerSecond: count / seconds };
}

const node = compile('nodes/hop.c');
const router = compile('router/router.c');
const minimal = Number(
  execFileSync(router, [String(NODES), String(inFlight), String(messages), node, String(NODES)], {
    encoding: 'utf8',
  }),
);
const harness = await routeByHarness(node);
console.log(`harness: ${harness.microsPerMessage.toFixed(2)} us of CPU a message`);
console.log(
  `minimal router in C: ${minimal.toFixed(2)} us; ratio ${(harness.microsPerMessage / minimal).toFixed(2)}`,
);
console.log(
  `${Math.round(harness.messagesPerSecond)} messages/s; ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most`,
);
