/**
 * A campaign: a hunt whose runs are carried out by workers on other machines. This is what Redis holds for them: the
 * plan, and the digests of the compiled program and of the user's own files, which are in Redis as well.
 */
import { createHash } from 'node:crypto';
import { nameOf, pathsOf } from '../harness/own/packed-file.ts';
import type { HuntHead } from '../hunt/hunt-folder.ts';
import { VARIED, type HuntPlan } from '../hunt/plan/hunt-plan.ts';
import { checkShape } from '../protocol/settings/check-shape.ts';
import { UserError } from '../protocol/user-error.ts';
import { specShape, type TestSpec } from '../run/test-spec.ts';
import { isId } from './keys.ts';
import type { RunKind } from './run-kind.ts';
import { fieldsOf, listOf, NotOurs, numberOf, oneOf, parsed, textOf } from './read-fields.ts';

const CAMPAIGN_VERSION = 1;

export interface Campaign {
  readonly version: typeof CAMPAIGN_VERSION;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Host name of the hunt's machine. */
  readonly host: string;
  readonly kind: RunKind;
  readonly plan: HuntPlan;
  readonly program: SentProgram;
  /** The user's own files that the plan names. */
  readonly files: readonly SentFile[];
}

export interface SentProgram {
  /** As given by the user. */
  readonly shown: string;
  /** File name of the compiled program. */
  readonly name: string;
  readonly sha256: string;
}

export interface SentFile {
  /** Absolute path on the hunt's machine. */
  readonly path: string;
  /** Digest of the packed file: see packed-file.ts. */
  readonly sha256: string;
}

/** Returns the id of the campaign, which stays the same when the hunt is resumed. */
export const campaignId = ({ seed, startedAt, programDigest }: HuntHead): string =>
  sha256Of(JSON.stringify([seed, startedAt, programDigest])).slice(0, 16);

export const newCampaign = (
  facts: Omit<Campaign, 'version' | 'files'>,
  packed: ReadonlyMap<string, Uint8Array>,
): Campaign => ({
  version: CAMPAIGN_VERSION,
  ...facts,
  files: [...packed].map(([path, content]) => ({ path, sha256: sha256Of(content) })),
});

export const sha256Of = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

const LONGEST_PATH = 4096;
const MOST_FILES = 200;
const FILE_NAME = /^(?!\.)[^\p{Cc}/\\]{1,200}$/u;

/** Parses a campaign. Throws NotOurs for data that no hunt has written. */
export function readCampaign(id: string, text: string): Campaign {
  const fields = fieldsOf(parsed(text));
  oneOf(fields['version'], [CAMPAIGN_VERSION]);
  const program = fieldsOf(fields['program']);
  const name = textOf(program['name'], 300);
  // It becomes a file name.
  if (!/^[\w.-]{1,300}$/.test(name) || name.startsWith('.')) throw new NotOurs('not the name of a program');
  if (!isId(id) || fields['id'] !== id) throw new NotOurs('not an id');
  const plan = readPlan(fields['plan']);
  const files = listOf(fields['files'], MOST_FILES, readSentFile);
  const sent = new Set(files.map(({ path }) => path));
  // A worker must not read files of its own machine.
  if (!pathsOf(plan.base).every((path) => sent.has(path))) throw new NotOurs('not all files are sent');
  return {
    version: CAMPAIGN_VERSION,
    id,
    startedAt: textOf(fields['startedAt'], 40),
    host: textOf(fields['host'], 300),
    kind: readKind(fields['kind']),
    plan,
    program: {
      shown: textOf(program['shown'], LONGEST_PATH),
      name,
      sha256: digestOf(program['sha256']),
    },
    files,
  };
}

function readSentFile(value: unknown): SentFile {
  const { path, sha256 } = fieldsOf(value);
  const text = textOf(path, LONGEST_PATH);
  // It becomes a file name.
  if (!FILE_NAME.test(nameOf(text))) throw new NotOurs('not the name of a file');
  return { path: text, sha256: digestOf(sha256) };
}

export function readKind(value: unknown): RunKind {
  const { maelstrom, build, node } = fieldsOf(value);
  return { maelstrom: textOf(maelstrom, 40), build: textOf(build, 40), node: textOf(node, 40) };
}

function readPlan(value: unknown): HuntPlan {
  const { base, asked, kept, leastNodes, readySeconds, failoverSeconds, hasPrimary } = fieldsOf(value);
  try {
    checkShape(base, specShape(), { source: 'campaign', field: 'setting' });
  } catch (error) {
    if (error instanceof UserError) throw new NotOurs(error.message);
    throw error;
  }
  const varied = (item: unknown) => oneOf(item, VARIED);
  return {
    base: base as TestSpec, // checked above
    asked: listOf(asked, VARIED.length, varied),
    kept: listOf(kept, VARIED.length, varied),
    leastNodes: numberOf(leastNodes),
    readySeconds: numberOf(readySeconds),
    ...(failoverSeconds === undefined ? {} : { failoverSeconds: numberOf(failoverSeconds) }),
    hasPrimary: oneOf(hasPrimary, [true, false]),
  };
}

function digestOf(value: unknown): string {
  const text = textOf(value, 64);
  if (!/^[0-9a-f]{64}$/.test(text)) throw new NotOurs('not a digest');
  return text;
}
