import { expect, it } from 'vitest';
import { beyondLimits, figureCells, figuresOf, isTooSlow, worstOf } from './figures.ts';

const LIMITS = { messagesPerOperation: 30, medianMs: 400, maximumMs: 600 };

it('figures count messages between nodes, and latencies of sets', () => {
  const counts = { 'send-count': 0, 'recv-count': 0, 'msg-count': 0 };
  const net = {
    'valid?': true,
    all: { ...counts, 'msgs-per-op': 9 },
    clients: counts,
    servers: { ...counts, 'msgs-per-op': 7.5 },
  };
  const workload = { 'valid?': true, 'stable-latencies': { '0': 1, '0.5': 40, '1': 90 } } as const;
  expect(figuresOf({ 'valid?': true, net, workload } as Parameters<typeof figuresOf>[0])).toEqual({
    messagesPerOperation: 7.5,
    medianMs: 40,
    maximumMs: 90,
  });
  expect(figuresOf({ 'valid?': true, workload: { 'valid?': true } })).toEqual({});
});

it('a figure at its limit exceeds it, as the challenges say "below"', () => {
  expect(beyondLimits({ messagesPerOperation: 29.99, medianMs: 400, maximumMs: 601 }, LIMITS)).toEqual([
    'median latency: 400 ms, to be below 400 ms',
    'maximum latency: 601 ms, to be below 600 ms',
  ]);
  expect(beyondLimits({ messagesPerOperation: 29.99, medianMs: 399, maximumMs: 599 }, LIMITS)).toEqual([]);
});

it('an unmeasured figure exceeds its limit, and one without a limit does not', () => {
  expect(beyondLimits({ medianMs: 1e9 }, { messagesPerOperation: 30 })).toEqual([
    'messages between nodes per operation: not measured, to be below 30',
  ]);
});

it('a program is graded by its worst run', () => {
  expect(worstOf([{ medianMs: 3 }, { medianMs: 5, maximumMs: 9 }, {}])).toEqual({
    medianMs: 5,
    maximumMs: 9,
  });
  expect(worstOf([])).toEqual({});
});

it('cells compare each figure with its limit', () => {
  expect(figureCells({ messagesPerOperation: 24.13, medianMs: 512.4 }, LIMITS)).toEqual([
    '24.1 < 30',
    '512 ms >= 400 ms',
    '- < 600 ms',
  ]);
  expect(figureCells({ medianMs: 1 }, {})).toEqual(['', '', '']);
});

it('only latencies show that a run was slow', () => {
  expect(isTooSlow({ messagesPerOperation: 99, medianMs: 399, maximumMs: 599 }, LIMITS)).toBe(false);
  expect(isTooSlow({ medianMs: 400 }, LIMITS)).toBe(true);
  expect(isTooSlow({ medianMs: 1, maximumMs: 601 }, LIMITS)).toBe(true);
  expect(isTooSlow({ maximumMs: 601 }, {})).toBe(false);
});
