import { describe, expect, it } from 'vitest';
import type { Op } from './op.ts';
import { PairingGuard } from './pairing-guard.ts';

function watch(ops: readonly (readonly [Op['type'], Op['process']])[], completionsOnly = false): void {
  const guard = new PairingGuard({ completionsOnly });
  for (const [index, [type, process]] of ops.entries()) {
    guard.observe({ index, time: index, type, process, f: 'read', value: null }, index + 10);
  }
}

describe('PairingGuard', () => {
  it('accepts paired entries, operations still open at the end, and the nemesis', () => {
    const big = 1e9;
    expect(() =>
      watch([
        ['invoke', 0],
        ['invoke', big],
        ['info', 'nemesis'],
        ['ok', 0],
        ['invoke', 0],
        ['info', big],
        ['info', 'nemesis'],
      ]),
    ).not.toThrow();
  });

  it.each([3, 1e9])('names both lines when process %s invokes twice', (process) => {
    expect(() =>
      watch([
        ['invoke', process],
        ['info', 'nemesis'],
        ['invoke', process],
      ]),
    ).toThrow(
      `line 12: process ${process} invokes "read" (index 2), but what it invoked on line 10 has not ended; a process does one thing at a time.`,
    );
  });

  it('names the line of a completion without invocation', () => {
    expect(() =>
      watch([
        ['invoke', 0],
        ['ok', 0],
        ['fail', 0],
      ]),
    ).toThrow(
      'line 12: process 0 completes "read" (index 2) (fail), but has invoked nothing that it could end; expected an invocation before it.',
    );
  });

  it('accepts a history of completions only, if that is meaningful', () => {
    expect(() =>
      watch(
        [
          ['ok', 0],
          ['ok', 0],
        ],
        true,
      ),
    ).not.toThrow();
    expect(() =>
      watch(
        [
          ['ok', 0],
          ['ok', 0],
        ],
        false,
      ),
    ).toThrow('line 10: process 0 completes');
  });

  it('blames the completion if an invocation comes later', () => {
    expect(() =>
      watch(
        [
          ['ok', 0],
          ['invoke', 1],
        ],
        true,
      ),
    ).toThrow('line 10: process 0 completes');
  });
});
