/** `maelstrom check` as it is typed, in a folder of its own for each test of a file. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeEach } from 'vitest';
import { runCli } from '../../src/cli/cli.ts';
import { Console } from '../../src/cli/show/console.ts';
import { opToEdnLine, opToJsonLine } from '../../src/history/op-codec.ts';
import type { Op, OpType, Process } from '../../src/history/op.ts';
import type { Json } from '../../src/protocol/json.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CheckFolder {
  /** The folder of the present test. */
  readonly folder: string;
  /** Runs the command; FOLDER in words and output stands for the folder of the test. */
  readonly check: (words: string, input?: string, command?: string, isTTY?: boolean) => Promise<Said>;
  readonly file: (name: string, text: string) => void;
}

/** Called once in a file of tests. */
export function checkInFolders(): CheckFolder {
  const root = mkdtempSync(join(tmpdir(), 'maelstrom-check-'));
  let folder = root;
  let count = 0;
  afterAll(() => rmSync(root, { recursive: true }));
  beforeEach(() => {
    folder = join(root, `${count++}`);
    mkdirSync(folder);
  });

  async function check(words: string, input = '', command = 'check', isTTY = false): Promise<Said> {
    const text = { out: '', err: '' };
    const sink = (name: 'out' | 'err') => ({ write: (more: string) => void (text[name] += more), isTTY });
    const session = {
      console: new Console(sink('out'), { NO_COLOR: '1' }),
      errors: new Console(sink('err'), {}),
      async *stdin() {
        yield new TextEncoder().encode(input);
      },
      env: {},
      program: 'maelstrom',
    };
    const code = await runCli(
      [command, ...words.split(' ').map((word) => word.replace('FOLDER', folder))],
      session,
    );
    // Paths are shown relative where that is shorter, as it is when the project itself lies in the folder for such.
    const named = (printed: string): string =>
      printed.replaceAll(folder, 'FOLDER').replaceAll(relative('', folder), 'FOLDER');
    return { code, out: named(text.out), err: named(text.err) };
  }

  return {
    get folder() {
      return folder;
    },
    check,
    file: (name, text) => writeFileSync(join(folder, name), text),
  };
}

export function ops(...steps: readonly (readonly [OpType, Process, string, Json])[]): Op[] {
  return steps.map(([type, process, f, value], index) => ({
    index,
    time: index * 1000,
    type,
    process,
    f,
    value,
  }));
}

export const jsonl = (history: readonly Op[]): string =>
  history.map((op) => `${opToJsonLine(op)}\n`).join('');
export const edn = (history: readonly Op[]): string => history.map((op) => `${opToEdnLine(op)}\n`).join('');

export const TXN = ops(
  ['invoke', 0, 'txn', [['append', 'x', 1]]],
  ['ok', 0, 'txn', [['append', 'x', 1]]],
  ['invoke', 1, 'txn', [['r', 'x', null]]],
  ['ok', 1, 'txn', [['r', 'x', [1]]]],
);
/** The read that comes after the append does not see it. */
export const STALE = ops(
  ...TXN.slice(0, 3).map((op) => [op.type, op.process, op.f, op.value] as const),
  ['ok', 1, 'txn', [['r', 'x', []]]],
  ['invoke', 0, 'txn', [['r', 'x', null]]],
  ['ok', 0, 'txn', [['r', 'x', [1]]]],
);
