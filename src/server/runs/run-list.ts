/** The runs of a store, newest first. What was read about a run is cached while its files are unchanged. */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { lstatIfThere, openPlain, readPlain } from '../../files/plain-file.ts';
import { runCard, verdictOfResults } from '../../recording/run-card.ts';
import { foreignTest, isForeignRun } from '../../report/read/foreign-run.ts';
import { REPORT_FILES, RUN_FILES } from '../../store/layout.ts';
import { lifeOfRun } from '../../store/running-mark.ts';
import { readTestFile } from '../../store/test-file.ts';
import { inside } from '../../files/inside.ts';
import { programNames } from './program-names.ts';
import { resultFacts } from './result-facts.ts';
import { runFolderOf, safeFolders } from './run-address.ts';
import type { RunCard, RunVerdict } from '../../recording/views.ts';

/**
 * If it is unknown whether the process of a run without results is alive, it counts as dead when its files have not
 * changed for this long.
 */
const QUIET_MS = 30_000;

/** The files from which a card is made. */
const STAMPED: readonly string[] = [
  RUN_FILES.test,
  RUN_FILES.resultsJson,
  RUN_FILES.resultsEdn,
  REPORT_FILES.findings,
  RUN_FILES.stories,
];

interface KnownCard {
  /** Changes with the files from which the card was made. */
  readonly stamp: string;
  readonly card: RunCard;
  /** The program's path. */
  readonly bin: string;
}

export class RunList {
  private readonly cards = new Map<string, KnownCard>();

  constructor(
    private readonly store: string,
    private readonly nowMs: () => number,
  ) {}

  /** Programs whose files have the same name are named with their folders. */
  all(): RunCard[] {
    const cards = safeFolders(this.store).flatMap((workload) =>
      safeFolders(join(this.store, workload)).flatMap((name) => {
        const folder = runFolderOf(this.store, workload, name);
        const id = `${workload}/${name}`;
        return folder === undefined ? this.unreadable(id) : [this.card(id, folder)];
      }),
    );
    const names = programNames(cards.flatMap((card) => this.cards.get(card?.id ?? '')?.bin ?? []));
    return cards
      .filter((card) => card !== undefined)
      .map((card) => ({ ...card, program: names.get(this.cards.get(card.id)?.bin ?? '') ?? card.program }))
      .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
  }

  /** Returns a card for a folder whose description is not a file: a run that cannot be opened. */
  private unreadable(id: string): RunCard[] {
    const folder = inside(this.store, id);
    const path = folder === undefined ? undefined : join(folder, RUN_FILES.test);
    return path === undefined || lstatIfThere(path) === undefined ? [] : [blankCard(id)];
  }

  /** Returns undefined if it has no description. */
  card(id: string, folder: string): RunCard | undefined {
    const verdict = verdictOf(folder, this.nowMs());
    const stamp = STAMPED.map((file) => mtime(join(folder, file))).join(' ') + verdict;
    const known = this.cards.get(id);
    if (known?.stamp === stamp) return known.card;
    try {
      const path = join(folder, RUN_FILES.test);
      const test = isForeignRun(folder) ? foreignTest(folder) : readTestFile(readPlain(path), path);
      const card = runCard(id, test, verdict, resultFacts(folder, test.spec));
      this.cards.set(id, { stamp, card, bin: test.spec.bin });
      return card;
    } catch {
      this.cards.delete(id);
      return blankCard(id);
    }
  }
}

/** A run of which only the name is known. */
function blankCard(id: string): RunCard {
  const [workload = '', name = ''] = id.split('/');
  const [, date, hour, minute, second] = /^(\d{8})T(\d\d)(\d\d)(\d\d\.\d{3})Z$/.exec(name) ?? [];
  const startedAt =
    date === undefined
      ? ''
      : `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${hour}:${minute}:${second}Z`;
  return {
    id,
    workload,
    startedAt,
    verdict: 'unreadable',
    seed: '',
    nodes: 0,
    clients: 0,
    rate: 0,
    timeLimitSeconds: 0,
    latencyMs: 0,
    nemesis: [],
    world: '',
    program: '',
  };
}

export function verdictOf(folder: string, nowMs: number): RunVerdict {
  if (isForeignRun(folder)) return foreignVerdict(folder);
  const results = join(folder, RUN_FILES.resultsJson);
  if (lstatIfThere(results) !== undefined) {
    try {
      // The overall verdict is the last key of the file, whose lists may be long.
      const end = readEnd(results, 2000);
      const found = /"valid\?":\s*(true|false|"unknown")\s*\}\s*$/.exec(end)?.[1];
      if (found !== undefined) return found === 'true' ? 'valid' : found === 'false' ? 'invalid' : 'unknown';
      // Checked below.
      const whole = JSON.parse(readPlain(results)) as { 'valid?'?: unknown };
      return verdictOfResults(whole['valid?']);
    } catch {
      // Not a plain file, or not results.
      return lifeOfRun(folder) === 'alive' ? 'running' : 'unreadable';
    }
  }
  const life = lifeOfRun(folder);
  if (life !== 'unknown') return life === 'alive' ? 'running' : 'unfinished';
  const files = [
    RUN_FILES.historyJsonl,
    RUN_FILES.log,
    RUN_FILES.test,
    join(RUN_FILES.journal, 'events.bin'),
  ];
  const newest = Math.max(...files.map((file) => mtime(join(folder, file))));
  return nowMs - newest < QUIET_MS ? 'running' : 'unfinished';
}

/** Reads the last key of results.edn; a run of upstream's is not followed while in progress. */
function foreignVerdict(folder: string): RunVerdict {
  try {
    const end = readEnd(join(folder, RUN_FILES.resultsEdn), 2000);
    const found = /:valid\?\s+(true|false|:unknown)\s*\}\s*$/.exec(end)?.[1];
    if (found === undefined) return 'unreadable';
    return found === 'true' ? 'valid' : found === 'false' ? 'invalid' : 'unknown';
  } catch {
    return 'unfinished';
  }
}

function mtime(path: string): number {
  return lstatIfThere(path)?.mtimeMs ?? 0;
}

function readEnd(path: string, bytes: number): string {
  const fd = openPlain(path);
  try {
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(size, bytes));
    readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('latin1');
  } finally {
    closeSync(fd);
  }
}
