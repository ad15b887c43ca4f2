/**
 * Cost of killing and restarting a node: CPU time of the harness, without the node's.
 *
 *     node bench/run.mjs restart [ROUNDS]        default: 100
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_JOURNAL } from '../src/network/journal/journal.ts';
import { Network } from '../src/network/network.ts';
import { ClientConnection } from '../src/run/cluster/client-connection.ts';
import { Cluster } from '../src/run/cluster/cluster.ts';
import { RunTime } from '../src/run/run-time.ts';
import { ProtocolRecord } from '../src/run/records/protocol-record.ts';
import { completeSpec } from '../src/harness/settings/spec-defaults.ts';
import { RealWorld } from '../src/world/real/real-world.ts';

const rounds = Number(process.argv[2] ?? 100);
const warmUp = 10;

/** A node that answers only `init`. */
const NODE = `#!/bin/sh
while read -r line; do
  client=\${line#*'"src":"'}; client=\${client%%'"'*}
  printf '{"src":"n1","dest":"%s","body":{"type":"init_ok","in_reply_to":1}}\\n' "$client"
done
`;

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-bench-'));
const bin = join(folder, 'node.sh');
writeFileSync(bin, NODE);
chmodSync(bin, 0o755);
const nodes = ['n1'];
const world = new RealWorld({ seed: 'bench' });
const network = new Network({
  clock: world.clock,
  random: world.random,
  latency: { distribution: 'constant', meanMs: 0 },
  journal: NO_JOURNAL,
});
const outputs = {
  history: { append() {} },
  journal: NO_JOURNAL,
  log: (line: string) => console.error(line),
  nodeLogFile: (node: string) => join(folder, `${node}.log`),
};
const protocol = new ProtocolRecord({ lenient: false, strict: false, ...outputs });
let clients = 0;
const cluster = new Cluster({
  spec: completeSpec({ workload: 'echo', bin, nodes }),
  world,
  network,
  protocol,
  outputs,
  logName: () => undefined,
  time: new RunTime(world.clock),
  connect: (node) =>
    new ClientConnection({
      name: `c${clients++}`,
      node,
      nodes,
      network,
      clock: world.clock,
      violations: protocol.violations,
    }),
  onRefused: (problem) => {
    throw problem;
  },
});

await new Promise<void>((resolve) => cluster.startAll(resolve));
let begin = process.cpuUsage();
for (let round = -warmUp; round < rounds; round++) {
  if (round === 0) begin = process.cpuUsage();
  cluster.kill('n1');
  const result = await new Promise((resolve) => cluster.start('n1', resolve));
  if (result !== 'started') throw new Error(`n1 was not started: ${String(result)}`);
}
const { user, system } = process.cpuUsage(begin);
console.log(
  `${((user + system) / 1000 / rounds).toFixed(2)} ms for each kill and start, over ${rounds} rounds`,
);
await cluster.stop();
await world.close();
rmSync(folder, { recursive: true });
