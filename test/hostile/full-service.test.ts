/** A node that fills the services: they refuse too much data and name the node, so the harness's memory stays bounded. */
import { expect, it } from 'vitest';
import { NO_JOURNAL } from '../../src/network/journal/journal.ts';
import { Network } from '../../src/network/network.ts';
import { NodePort } from '../../src/network/node-port.ts';
import { ViolationLog } from '../../src/network/violations.ts';
import { ServiceMemory } from '../../src/services/service-memory.ts';
import { startServices } from '../../src/services/start-services.ts';
import { Random } from '../../src/world/random.ts';
import type { NodeHandle } from '../../src/world/world.ts';
import { ManualClock } from '../support/manual-clock.ts';

const MIB = 1024 * 1024;
const WRITES = 40;
const LIMIT_MIB = 10;

it.each([
  ['lin-kv', `"${'v'.repeat(MIB)}"`],
  ['seq-kv', `"${'v'.repeat(MIB)}"`],
  ['lww-kv', `"${'v'.repeat(MIB)}"`],
  // A short text that takes a lot of memory.
  ['lin-kv', `[${Array.from({ length: MIB / 3 }, () => '[]').join()}]`],
])('%s, with many values of a megabyte', { timeout: 60_000 }, (service, value) => {
  const random = Random.fromSeed('full');
  const network = new Network({
    clock: new ManualClock(),
    random: random.child('network'),
    latency: { distribution: 'constant', meanMs: 0 },
    journal: NO_JOURNAL,
  });
  const violations = new ViolationLog();
  const memory = new ServiceMemory(LIMIT_MIB * MIB);
  startServices({ network, random: random.child('services'), violations, memory });
  const port = new NodePort({ name: 'n1', network, violations });
  network.attach('n1', 'node', port);
  const answers: string[] = [];
  const handle: NodeHandle = {
    name: 'n1',
    running: true,
    backlogBytes: 0,
    deliver: ({ body }) => void answers.push(body.toString()),
    kill: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    stop: () => Promise.resolve(),
  };
  port.connect(handle);

  for (let key = 0; key < WRITES; key++) {
    const body = `{"type":"write","key":${key},"value":${value},"msg_id":${key}}`;
    const line = Buffer.from(`{"src":"n1","dest":"${service}","body":${body}}`);
    port.line(line, 0, line.length);
  }

  expect(answers).toHaveLength(WRITES);
  const refused = answers.filter((answer) => answer.includes('"code":11'));
  expect(refused.length).toBeGreaterThan(WRITES / 2);
  expect(refused[0]).toContain(`${service} is full: services keep at most 10 MiB in total`);
  expect(violations.list()).toMatchObject([{ node: 'n1', kind: 'service-full', count: refused.length }]);
});

it('all services together keep 256 MiB, less than half of 600 values of a megabyte', () => {
  const memory = new ServiceMemory();
  const value = 'v'.repeat(MIB);
  let kept = 0;
  for (let key = 0; key < 600; key++) if (memory.replace(String(key), undefined, value)) kept++;
  expect(kept).toBe(255);
});
