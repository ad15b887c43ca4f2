/**
 * A hundred thousand mutated protocol lines, through everything that handles a node's output: splitter, port, network,
 * services, and a client waiting for its reply. Nothing throws, nothing hangs, nothing accumulates.
 */
import { expect, it } from 'vitest';
import { NO_JOURNAL } from '../../src/network/journal/journal.ts';
import { Network } from '../../src/network/network.ts';
import { NodePort } from '../../src/network/node-port.ts';
import { ViolationLog } from '../../src/network/violations.ts';
import { echoRpc } from '../../src/protocol/rpcs/echo.ts';
import { pollRpc } from '../../src/protocol/rpcs/kafka.ts';
import { listAppendTxnRpc } from '../../src/protocol/rpcs/txn-list-append.ts';
import { ClientConnection } from '../../src/run/cluster/client-connection.ts';
import { startServices } from '../../src/services/start-services.ts';
import { NANOS_PER_SECOND } from '../../src/world/clock.ts';
import { Random } from '../../src/world/random.ts';
import { LineSplitter } from '../../src/world/line-splitter.ts';
import { ManualClock } from '../support/manual-clock.ts';

const LINES = 100_000;

/** Well-formed lines from n1, where `$` stands for the msg_id that the client waits for. */
const TEMPLATES = [
  '{"src":"n1","dest":"c1","body":{"type":"echo_ok","echo":"x","in_reply_to":$}}',
  '{"src":"n1","dest":"c1","body":{"type":"poll_ok","msgs":{"k":[[0,1],[1,2]]},"in_reply_to":$,"msg_id":7}}',
  '{"src":"n1","dest":"c1","body":{"type":"txn_ok","txn":[["r",1,[1,2]],["append",1,3]],"in_reply_to":$}}',
  '{"src":"n1","dest":"c1","body":{"type":"error","code":11,"text":"busy","in_reply_to":$}}',
  '{"src":"n1","dest":"n2","body":{"type":"gossip","messages":[1,2,3],"nested":{"a":{"b":[{}]}}}}',
  '{"src":"n1","dest":"lin-kv","body":{"type":"write","key":"k","value":{"v":12345678901234567890},"msg_id":$}}',
  '{"src":"n1","dest":"lin-kv","body":{"type":"cas","key":"k","from":1.0,"to":2,"create_if_not_exists":true,"msg_id":$}}',
  '{"src":"n1","dest":"seq-kv","body":{"type":"read","key":"k","msg_id":$}}',
  '{"src":"n1","dest":"lww-kv","body":{"type":"write","key":null,"value":[],"msg_id":$}}',
  '{"src":"n1","dest":"lin-tso","body":{"type":"ts","msg_id":$}}',
];

const SPLINTERS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '\n',
  '\r',
  '\0',
  'null',
  '1e400',
  '-',
  '\\u0000',
  '"__proto__":',
  '\u001b[2J',
  '{"src":',
];

function mutate(line: string, random: Random): Buffer {
  let bytes = Buffer.from(line);
  for (let changes = random.int(4); changes > 0; changes--) {
    const at = random.int(bytes.length + 1);
    switch (random.int(6)) {
      case 0:
        if (at < bytes.length) bytes[at] = random.int(256);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.int(8))]);
        break;
      case 2:
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(random.pick(SPLINTERS)),
          bytes.subarray(at),
        ]);
        break;
      case 3:
        bytes = bytes.subarray(0, at);
        break;
      case 4:
        bytes = Buffer.concat([bytes, bytes.subarray(at)]);
        break;
      default:
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(String(random.float() * 10 ** random.int(30))),
          bytes.subarray(at),
        ]);
    }
  }
  return Buffer.concat([bytes, Buffer.from('\n')]);
}

it(
  'a hundred thousand mutated lines crash nothing, hang nothing and leak nothing',
  { timeout: 60_000 },
  () => {
    const random = Random.fromSeed('fuzz');
    const clock = new ManualClock();
    const network = new Network({
      clock,
      random: random.child('network'),
      latency: { distribution: 'constant', meanMs: 0 },
      journal: NO_JOURNAL,
    });
    const violations = new ViolationLog({ onViolation: () => undefined });
    startServices({ network, random: random.child('services'), violations });
    const port = new NodePort({ name: 'n1', network, violations });
    network.attach('n1', 'node', port);
    network.attach('n2', 'node', { deliver: () => undefined });
    const client = new ClientConnection({
      name: 'c1',
      node: 'n1',
      nodes: ['n1', 'n2'],
      network,
      clock,
      violations,
    });
    const splitter = new LineSplitter(
      {
        line: (bytes, start, end) => port.line(bytes, start, end),
        brokenLine: (problem) => port.brokenLine(problem),
      },
      1 << 20,
    );

    let asked = 0;
    const endings = { reply: 0, error: 0, timeout: 0 };
    let pending = false;
    const ask = (): void => {
      asked++;
      pending = true;
      const [rpc, fields] = random.pick([
        [echoRpc, { echo: 'x' }],
        [pollRpc, { offsets: { k: 0 } }],
        [
          listAppendTxnRpc,
          {
            txn: [
              ['r', 1, null],
              ['append', 1, 3],
            ],
          },
        ],
      ] as const);
      client.rpc(rpc, 'n1', fields, ({ kind }) => {
        endings[kind]++;
        pending = false;
      });
    };

    const before = process.memoryUsage();
    for (let line = 0; line < LINES; line++) {
      if (!pending) ask();
      const bytes = mutate(random.pick(TEMPLATES).replace('$', String(asked)), random);
      // In pieces, as a pipe may deliver them.
      const cut = random.int(bytes.length);
      for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)])
        splitter.push(Buffer.from(piece), piece.length);
      if (line % 100 === 99) clock.advance(6 * NANOS_PER_SECOND);
    }
    clock.advance(6 * NANOS_PER_SECOND);
    const grown = process.memoryUsage();

    expect(endings.reply + endings.error + endings.timeout).toBe(asked);
    // The fuzzer has reached every kind of ending.
    expect(Math.min(endings.reply, endings.error, endings.timeout)).toBeGreaterThan(50);
    expect(violations.total).toBeGreaterThan(LINES / 10);
    expect(violations.list().length).toBeLessThan(100);
    const mib = (bytes: number): number => bytes / 1024 / 1024;
    expect(mib(grown.heapUsed - before.heapUsed)).toBeLessThan(150);
    expect(mib(grown.arrayBuffers - before.arrayBuffers)).toBeLessThan(150);
  },
);
