import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { PacketLineEncoder } from '../packet-line.ts';
import type { Packet } from '../world.ts';
import { Outbox } from './outbox.ts';

/** A pipe that completes a write on request, and a clock that counts the seconds. */
function bench() {
  const takes: (() => void)[] = [];
  const written: Buffer[] = [];
  const pipe = new Writable({
    write: (chunk: Buffer, _, done) => {
      takes.push(() => {
        written.push(Buffer.from(chunk));
        done();
      });
    },
  });
  const time = { now: 0 };
  const outbox = new Outbox(
    pipe,
    new PacketLineEncoder(),
    () => time.now,
    () => {},
  );
  let id = 0;
  const send = (bytes: number): void => {
    const packet: Packet = { id: id++, src: 'c1', dest: 'n1', body: Buffer.from(`"${'x'.repeat(bytes)}"`) };
    outbox.add(packet);
    outbox.flush();
  };
  const take = async (): Promise<void> => {
    takes.shift()?.();
    await new Promise(setImmediate);
  };
  return { outbox, time, send, take, text: () => Buffer.concat(written).toString() };
}

test('waiting messages are counted, and the time since when none was taken', async () => {
  const { outbox, time, send, take } = bench();
  expect([outbox.backlogMessages, outbox.stuckSinceNanos]).toEqual([0, undefined]);
  time.now = 1;
  send(10);
  send(10);
  send(10);
  time.now = 2;
  expect([outbox.backlogMessages, outbox.stuckSinceNanos]).toEqual([3, 1]);
  await take();
  expect([outbox.backlogMessages, outbox.stuckSinceNanos]).toEqual([2, 2]);
  await take();
  expect([outbox.backlogMessages, outbox.backlogBytes, outbox.stuckSinceNanos]).toEqual([0, 0, undefined]);
});

test('a node that reads a long line slowly is reading', async () => {
  const { outbox, time, send, take, text } = bench();
  send(300_000);
  send(10);
  for (let second = 1; second <= 4; second++) {
    time.now = second;
    await take();
    expect([outbox.backlogMessages, outbox.stuckSinceNanos]).toEqual([2, second]);
  }
  await take();
  expect(outbox.backlogMessages).toBe(1);
  await take();
  expect([outbox.backlogMessages, outbox.backlogBytes]).toEqual([0, 0]);
  expect(
    text()
      .split('\n')
      .map((line) => line.length > 300_000),
  ).toEqual([true, false, false]);
});

test('a closed outbox is empty', () => {
  const { outbox, send } = bench();
  send(10);
  send(300_000);
  outbox.close();
  expect([outbox.backlogMessages, outbox.backlogBytes, outbox.stuckSinceNanos]).toEqual([0, 0, undefined]);
});
