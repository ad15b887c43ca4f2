import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketLineEncoder } from './packet-line.ts';
import type { Packet } from './world.ts';

test('any packet is one line of JSON with the same content, within the stated maximum length', () => {
  const encoder = new PacketLineEncoder();
  const packet = fc.record({
    id: fc.oneof(fc.maxSafeNat(), fc.nat(1000)),
    src: fc.string(),
    dest: fc.string({ unit: 'grapheme' }),
    body: fc.dictionary(fc.string(), fc.string()),
  });
  fc.assert(
    fc.property(packet, fc.nat(10), ({ id, src, dest, body }, at) => {
      const sent: Packet = { id, src, dest, body: Buffer.from(JSON.stringify(body)) };
      const target = Buffer.alloc(at + encoder.maxBytes(sent), '#');
      const end = encoder.write(target, at, sent);
      const line = target.toString('utf8', at, end);
      expect(line).toBe(
        `{"id":${id},"src":${JSON.stringify(src)},"dest":${JSON.stringify(dest)},"body":${sent.body.toString()}}\n`,
      );
      expect(target.toString('latin1', 0, at)).toBe('#'.repeat(at));
    }),
  );
});
