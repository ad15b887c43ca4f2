/**
 * Columns of integers as bytes that deflate well: the lowest bytes of all numbers, then the next ones, and so on, as
 * many planes as the largest number needs. Mostly ascending columns are stored as differences.
 */
import { present } from '../../columns/present.ts';

const HEAD_BYTES = 5;

/** Encodes numbers from 0 to 2^52, preceded by their count (u32) and the number of planes (u8). */
export function toPlanes(numbers: Float64Array): Uint8Array {
  const count = numbers.length;
  let most = 0;
  for (let at = 0; at < count; at++) most = Math.max(most, present(numbers[at]));
  let planes = 0;
  for (let rest = most; rest > 0; rest = Math.floor(rest / 256)) planes++;
  const bytes = new Uint8Array(HEAD_BYTES + planes * count);
  new DataView(bytes.buffer).setUint32(0, count, true);
  bytes[4] = planes;
  for (let plane = 0; plane < planes; plane++) {
    // Shifts use only the low 32 bits of a number.
    const [unit, shift] = plane < 4 ? [1, 8 * plane] : [2 ** 32, 8 * (plane - 4)];
    const first = HEAD_BYTES + plane * count;
    for (let at = 0; at < count; at++) bytes[first + at] = (present(numbers[at]) / unit) >>> shift;
  }
  return bytes;
}

export function fromPlanes(bytes: Uint8Array): Float64Array {
  const count = new DataView(bytes.buffer, bytes.byteOffset, HEAD_BYTES).getUint32(0, true);
  const planes = present(bytes[4]);
  const numbers = new Float64Array(count);
  for (let plane = planes - 1; plane >= 0; plane--) {
    const first = HEAD_BYTES + plane * count;
    for (let at = 0; at < count; at++) numbers[at] = present(numbers[at]) * 256 + present(bytes[first + at]);
  }
  return numbers;
}

/** Encodes each number as its difference to the previous one: falls as odd numbers, rises and zero as even ones. */
export function differences(numbers: Float64Array): Float64Array {
  const found = new Float64Array(numbers.length);
  let last = 0;
  for (let at = 0; at < found.length; at++) {
    const number = present(numbers[at]);
    const by = number - last;
    found[at] = by >= 0 ? 2 * by : -2 * by - 1;
    last = number;
  }
  return found;
}

/** Returns the numbers with these encoded differences. */
export function sums(changes: Float64Array): Float64Array {
  let last = 0;
  return changes.map((code) => (last += code % 2 === 0 ? code / 2 : -(code + 1) / 2));
}
