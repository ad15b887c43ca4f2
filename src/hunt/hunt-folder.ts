/**
 * The folder of a hunt in the store, `hunts/<time>-<workload>/`:
 *
 *     hunt.jsonl      the head and a line for each run, in order; a hunt is resumed from it
 *     summary.json    the results so far: see hunt-summary.ts
 *     campaign.json   for a hunt on many machines: its workers, as last seen
 *     wish.json       a request of `maelstrom serve` to such a hunt; removed once it is done
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeFolders } from '../files/make-folders.ts';
import { plainLines, readPlain, replaceFile } from '../files/plain-file.ts';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import type { CampaignView } from '../recording/hunt-view.ts';
import { explainFileError } from '../store/explain-file-error.ts';
import { HUNT_FILES, HUNTS, LINKS, timestampName } from '../store/layout.ts';
import { replaceLink } from '../store/writing/links.ts';
import { OutputFile } from '../store/writing/output-file.ts';
import { markRunning, unmarkRunning } from '../store/running-mark.ts';
import type { HuntPlan } from './plan/hunt-plan.ts';
import type { HuntSummary } from './hunt-summary.ts';
import type { Job, Ran } from './job.ts';
import { unlessThrows } from '../protocol/unless-throws.ts';

const HUNT_FILE_VERSION = 1;
const CAMPAIGN_FILE_VERSION = 1;

/** The first line of hunt.jsonl: everything that determines the runs of the hunt. */
export interface HuntHead {
  readonly version: typeof HUNT_FILE_VERSION;
  readonly seed: string;
  readonly startedAt: string;
  readonly plan: HuntPlan;
  /** What the commands shown to the user need besides the specs. */
  readonly given: GivenWords;
  /** Digest of the bundled program and its invariants: runs of another program prove nothing about this one. */
  readonly programDigest: string;
  readonly versions: { readonly maelstrom: string; readonly node: string };
}

/** Options as they were typed, where a spec only holds their parsed values. */
export interface GivenWords {
  readonly bin: string;
  readonly latencyFile?: string | undefined;
  readonly linkLatency?: string | undefined;
  readonly skew?: string | undefined;
  /** Paths as given; if undefined, those of the spec are used, which are absolute. */
  readonly invariants?: readonly string[] | undefined;
}

/** A hunt read from its folder, to be resumed. */
export interface StoredHunt {
  readonly head: HuntHead;
  readonly folder: string;
  /** In order. */
  readonly runs: Iterable<Ran>;
}

/** Number of characters of runs to gather before writing. */
const BATCH = 32 * 1024;
/** In bytes. A run usually has a few hundred characters, but a thousand names of expected events make a megabyte. */
const LONGEST_LINE = 4 * 1024 * 1024;

export class HuntFolder {
  private text = '';
  private problem: string | undefined;
  private added = 0;
  /** Number of the last run that is on disk. */
  written = 0;

  private constructor(
    /** Absolute path. */
    readonly path: string,
    private readonly runs: OutputFile,
  ) {
    markRunning(path);
  }

  /** Creates the folder. Throws a UserError if that fails. */
  static create(store: string, head: HuntHead): HuntFolder {
    const hunts = join(resolve(store), HUNTS);
    const name = timestampName(new Date(head.startedAt));
    let path = '';
    try {
      makeFolders(hunts);
      for (let n = 1; path === '' || existsSync(path); n++) {
        path = join(hunts, `${name}-${head.plan.base.workload}${n === 1 ? '' : `-${n}`}`);
      }
      mkdirSync(path);
      const file = join(path, HUNT_FILES.runs);
      const folder: HuntFolder = new HuntFolder(
        path,
        new OutputFile(file, (problem) => (folder.problem ??= problem)),
      );
      folder.text = `${JSON.stringify(head)}\n`;
      folder.flush();
      replaceLink(join(hunts, LINKS.latest), path);
      return folder;
    } catch (error) {
      throw cannotStore(path === '' ? hunts : path, error);
    }
  }

  /** Reopens the folder of a hunt to resume it. Throws a UserError if that fails. */
  static reopen({ folder: path }: StoredHunt): HuntFolder {
    const file = join(path, HUNT_FILES.runs);
    try {
      cutUnfinishedLine(file);
      rmSync(join(path, HUNT_FILES.wish), { force: true });
      const folder: HuntFolder = new HuntFolder(
        path,
        new OutputFile(file, (problem) => (folder.problem ??= problem), openSync(file, 'a')),
      );
      replaceLink(join(dirname(path), LINKS.latest), path);
      return folder;
    } catch (error) {
      throw cannotStore(file, error);
    }
  }

  /** The error of the first failed write, if any. */
  get storeProblem(): string | undefined {
    return this.problem;
  }

  add({ number, seed }: Job, ran: Ran): void {
    this.added = number;
    this.text += `${JSON.stringify({ run: number, seed, ...ran })}\n`;
    if (this.text.length > BATCH) this.flush();
  }

  writeSummary(summary: HuntSummary): void {
    this.flush();
    try {
      replaceFile(join(this.path, HUNT_FILES.summary), `${JSON.stringify(summary, undefined, 2)}\n`);
    } catch (error) {
      this.problem ??= explainFileError(join(this.path, HUNT_FILES.summary), error);
    }
  }

  writeCampaign(campaign: CampaignView): void {
    try {
      replaceFile(
        join(this.path, HUNT_FILES.campaign),
        `${JSON.stringify({ version: CAMPAIGN_FILE_VERSION, ...campaign }, undefined, 2)}\n`,
      );
    } catch (error) {
      this.problem ??= explainFileError(join(this.path, HUNT_FILES.campaign), error);
    }
  }

  /** Reads and removes a request to pause (true) or go on (false); returns undefined if there is none. */
  takeWish(): boolean | undefined {
    const file = join(this.path, HUNT_FILES.wish);
    try {
      const text = readPlain(file);
      const wish = unlessThrows(() => JSON.parse(text) as { readonly paused?: unknown } | null);
      rmSync(file);
      return typeof wish?.paused === 'boolean' ? wish.paused : undefined;
    } catch {
      // Usually the file does not exist.
      return undefined;
    }
  }

  close(): void {
    this.flush();
    this.runs.close();
    unmarkRunning(this.path);
  }

  private flush(): void {
    const { text } = this;
    this.text = '';
    if (text !== '') this.runs.write(text);
    if (this.problem === undefined) this.written = this.added;
  }
}

/** Asks the hunt in this folder, from another process, to pause or to go on. Throws if the request cannot be written. */
export const wishPaused = (folder: string, paused: boolean): void =>
  replaceFile(join(folder, HUNT_FILES.wish), `${JSON.stringify({ paused })}\n`);

export const newHead = (facts: Omit<HuntHead, 'version'>): HuntHead => ({
  version: HUNT_FILE_VERSION,
  ...facts,
});

/** Returns the SHA-256 digest of the program and the files of its invariants, in hex. */
export function digestOfProgram(bin: string, invariants: readonly string[] = []): string {
  const hash = createHash('sha256');
  for (const file of [bin, ...invariants]) hash.update(readFileSync(file));
  return hash.digest('hex');
}

/** Opens a stored hunt. Throws a UserError if no hunt there can be resumed. */
export function openHunt(given: string): StoredHunt {
  let folder = resolve(given);
  try {
    folder = realpathSync(folder);
    const file = join(folder, HUNT_FILES.runs);
    const [first = ''] = plainLines(file);
    return { head: readHead(first, file), folder, runs: readRuns(file) };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${folder} is no hunt that can be resumed: its ${HUNT_FILES.runs} cannot be read (${(error as Error).message}).`,
      'Give the folder of a hunt, such as store/hunts/latest.',
    );
  }
}

function readHead(line: string, file: string): HuntHead {
  const head = unlessThrows(() => JSON.parse(line) ?? undefined) as Partial<HuntHead> | undefined;
  const version: unknown = head?.version;
  if (typeof version === 'number' && version > HUNT_FILE_VERSION) {
    throw new UserError(
      `${file} was written by a later Maelstrom (format ${version}; this one reads up to ${HUNT_FILE_VERSION}).`,
      'Update Maelstrom, or begin a new hunt.',
    );
  }
  if (version !== HUNT_FILE_VERSION || typeof head?.plan?.base?.workload !== 'string') {
    throw new UserError(`${file} is not the record of a hunt.`, 'Begin a new one, without --resume.');
  }
  // Written by Maelstrom in this version of the format.
  return head as HuntHead;
}

function* readRuns(file: string): Generator<Ran> {
  let number = 0;
  let damaged: string | undefined;
  for (const line of plainLines(file)) {
    // Only the last line may be cut short.
    if (damaged !== undefined) throw notARun(file, number, damaged);
    // The first line is the head.
    if (number++ === 0) continue;
    const entry = unlessThrows(() => JSON.parse(line) ?? undefined) as
      (Ran & { readonly run: number }) | undefined; // only the fields needed to count it are checked
    if (entry?.run === number - 1 && entry.outcome !== undefined) yield entry;
    else damaged = line;
  }
}

/** Removes an incomplete last line, which a process that died while writing may leave; that run is carried out again. */
function cutUnfinishedLine(file: string): void {
  const fd = openSync(file, 'r+');
  try {
    const { size } = fstatSync(fd);
    const tail = Buffer.alloc(Math.min(size, LONGEST_LINE));
    readSync(fd, tail, 0, tail.length, size - tail.length);
    ftruncateSync(fd, size - tail.length + tail.lastIndexOf('\n') + 1);
  } finally {
    closeSync(fd);
  }
}

/** `number` is the number of the line. */
const notARun = (file: string, number: number, line: string): UserError =>
  new UserError(
    `Line ${number} of ${file} should be run ${number - 1} of the hunt, but is ${shownText(line, 80)}.`,
    'Begin a new hunt, without --resume.',
  );

function cannotStore(path: string, error: unknown): UserError {
  return new UserError(
    `The hunt cannot be stored: ${explainFileError(path, error)}`,
    'Choose another folder with --store, or MAELSTROM_STORE.',
  );
}
