import { describe, expect, test } from 'vitest';
import { MemoryGuard, processMemory, type Memory } from './memory-guard.ts';

const LIMIT = 1000;

function memoryOf(state: { used: number; garbage: number }): Memory {
  return {
    limitBytes: LIMIT,
    usedBytes: () => state.used + state.garbage,
    collect: () => (state.garbage = 0),
  };
}

describe('the memory guard', () => {
  test('names the process that has added most', () => {
    const state = { used: 300, garbage: 0 };
    const guard = new MemoryGuard<string>(memoryOf(state));
    expect(guard.look()).toBeUndefined();
    for (const [process, bytes] of [
      ['n1', 50],
      ['n2', 400],
      ['n3', 10],
    ] as const) {
      guard.enter();
      state.used += bytes;
      guard.leave(process);
    }
    expect(guard.look()).toEqual({ process: 'n2', usedBytes: 760 });
  });

  test('ends no node because of garbage', () => {
    const state = { used: 300, garbage: 0 };
    const guard = new MemoryGuard<string>(memoryOf(state));
    guard.look();
    guard.enter();
    state.garbage += 600;
    guard.leave('n1');
    expect(guard.look()).toBeUndefined();
    expect(state.garbage).toBe(0);
  });

  test('continues with the next if memory keeps growing', () => {
    const state = { used: 300, garbage: 0 };
    const guard = new MemoryGuard<string>(memoryOf(state));
    guard.look();
    for (const [process, bytes] of [
      ['n1', 300],
      ['n2', 301],
    ] as const) {
      guard.enter();
      state.used += bytes;
      guard.leave(process);
    }
    expect(guard.look()?.process).toBe('n2');
    expect(guard.look()).toBeUndefined();
    state.used += 51;
    expect(guard.look()?.process).toBe('n1');
    state.used += 51;
    expect(guard.look()).toBeUndefined();
  });

  test('does not measure turns while there is plenty', () => {
    let asked = 0;
    const guard = new MemoryGuard<string>({
      limitBytes: LIMIT,
      usedBytes: () => {
        asked++;
        return 10;
      },
      collect: () => {},
    });
    guard.look();
    for (let turn = 0; turn < 100; turn++) {
      guard.enter();
      guard.leave('n1');
    }
    expect(asked).toBe(1);
  });

  test('counts buffers of this process as well as its heap', () => {
    const before = processMemory.usedBytes();
    const buffer = Buffer.alloc(50_000_000, 1);
    expect(processMemory.usedBytes() - before).toBeGreaterThan(40_000_000);
    expect(buffer.length).toBe(50_000_000);
  });
});
