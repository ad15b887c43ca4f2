/**
 * When nodes wrote to their logs: each line of `n1.log.times` beside `n1.log` has a time and the byte from which on the
 * log was written then. For drawing: the beginnings of what was written in an interval, as far as there is room.
 */
import { closeSync, readSync } from 'node:fs';
import { openPlain, readPlain } from '../../files/plain-file.ts';
import { readZero } from '../../store/run-zero.ts';
import { saysState } from '../../protocol/state-change.ts';
import { inside } from '../../files/inside.ts';
import type { LogMarkRequest } from '../../recording/run-source.ts';
import { spreadMarks } from '../../recording/packed/spread-marks.ts';
import type { LogMark } from '../../recording/views.ts';

const TEXT_BYTES = 160;
const MAX_FILE_BYTES = 8 << 20;

export function logMarks(folder: string, { nodes, from, to, limit }: LogMarkRequest): LogMark[] {
  const zero = readZero(folder);
  return nodes.flatMap((node) => {
    const log = inside(folder, `node-logs/${node}.log`);
    const times = inside(folder, `node-logs/${node}.log.times`);
    if (log === undefined || times === undefined) return [];
    const entries = readTimes(times, zero).filter(({ time }) => time >= from && time <= to);
    return textsAt(
      log,
      spreadMarks(entries, limit).map((entry) => ({ ...entry, node })),
    );
  });
}

function readTimes(path: string, zero: number): { readonly offset: number; readonly time: number }[] {
  const text = readPlain(path).slice(0, MAX_FILE_BYTES);
  return [...text.matchAll(/^(\d+) (\d+)$/gm)].map(([, offset, time]) => ({
    offset: Number(offset),
    time: Number(time) - zero,
  }));
}

function textsAt(
  path: string,
  entries: readonly { readonly node: string; readonly offset: number; readonly time: number }[],
): LogMark[] {
  if (entries.length === 0) return [];
  const fd = openPlain(path);
  try {
    const buffer = Buffer.alloc(TEXT_BYTES);
    return entries.map(({ node, offset, time }) => {
      const text = buffer.toString('utf8', 0, readSync(fd, buffer, 0, TEXT_BYTES, offset));
      return { node, time, text: text.split('\n').find((line) => !saysState(line)) ?? '' };
    });
  } finally {
    closeSync(fd);
  }
}
