/**
 * Cost of each message and operation before anything is done with it: scanning an envelope, reading and writing JSON
 * without losing digits, checking a reply, writing the history. Each is compared with what is built in.
 *
 *     npx esbuild bench/protocol.ts --bundle --platform=node --format=esm | node --input-type=module
 */
import { HistoryWriter } from '../src/history/history-writer.ts';
import { opToJsonLine } from '../src/history/op-codec.ts';
import type { Op } from '../src/history/op.ts';
import { checkReply } from '../src/protocol/rpc/check-rpc.ts';
import { EnvelopeScanner } from '../src/protocol/lines/envelope.ts';
import { parseJson, stringifyJson, type JsonObject } from '../src/protocol/json.ts';
import { readMessagesRpc } from '../src/protocol/rpcs/broadcast.ts';
import { echoRpc } from '../src/protocol/rpcs/echo.ts';

const ROUNDS = 5;

/** Prints the minimum of several rounds in us per call; anything above it is noise of the machine. */
function measure(name: string, calls: number, call: (n: number) => unknown): void {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    for (let n = 0; n < calls; n++) call(n);
    least = Math.min(least, Number(process.hrtime.bigint() - start) / 1000 / calls);
  }
  console.log(`${name.padEnd(48)} ${least.toFixed(3).padStart(8)} us`);
}

const lines = Array.from({ length: 64 }, (_, n) =>
  Buffer.from(
    `{"src":"n${n % 5}","dest":"n${(n * 3) % 5}","body":{"type":"replicate","msg_id":${1000 + n},"value":[1,2,3,44],"text":"hello"}}`,
  ),
);
const line = (n: number): Buffer => lines[n % 64] ?? Buffer.alloc(0);
const scanner = new EnvelopeScanner();
measure('scan an envelope of 100 bytes', 500_000, (n) => scanner.scan(line(n), 0, line(n).length));
measure('  JSON.parse of the same', 200_000, (n) => JSON.parse(line(n).toString('utf8')));

const integers = Array.from({ length: 2000 }, (_, n) => n);
const texts = {
  'a small body': '{"type":"echo_ok","msg_id":12,"in_reply_to":33,"echo":"Please echo 35"}',
  'a body with a 64-bit id': '{"type":"generate_ok","msg_id":12,"in_reply_to":33,"id":7123456789012345678}',
  'a body with 2,000 integers': JSON.stringify({ type: 'read_ok', in_reply_to: 1, messages: integers }),
};
for (const [name, text] of Object.entries(texts)) {
  const calls = Math.ceil(2e7 / text.length / 5);
  measure(`parseJson of ${name}`, calls, () => parseJson(text));
  measure('  JSON.parse of the same', calls, () => JSON.parse(text));
  const value = parseJson(text);
  measure(`stringifyJson of ${name}`, calls, () => stringifyJson(value));
}

const echo: JsonObject = { type: 'echo_ok', msg_id: 1, in_reply_to: 2, echo: 'Please echo 35' };
const read: JsonObject = { type: 'read_ok', in_reply_to: 2, messages: integers };
measure('checkReply of echo_ok', 500_000, () => checkReply(echoRpc, echo));
measure('  zod of the same', 100_000, () => echoRpc.response.safeParse(echo));
measure('checkReply of read_ok with 2,000 integers', 500_000, () => checkReply(readMessagesRpc, read));
measure('  zod of the same', 1000, () => readMessagesRpc.response.safeParse(read));

let written = 0;
const sink = { write: (text: string) => void (written += Buffer.byteLength(text)) };
const small: Op = {
  index: 1234,
  time: 123_456_789_012,
  type: 'ok',
  process: 3,
  f: 'echo',
  value: 'Please echo 35',
};
const large: Op = { ...small, f: 'read', value: integers };
const writer = new HistoryWriter({ jsonl: sink, edn: sink, txt: sink });
measure('an operation in three formats', 200_000, () => writer.append(small));
measure('  as JSON alone', 200_000, () => opToJsonLine(small));
measure('an operation of 2,000 integers in three formats', 1000, () => writer.append(large));
if (written === 0) throw new Error('nothing was written');
