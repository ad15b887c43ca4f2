/**
 * A campaign: a hunt whose runs are carried out by workers on other machines. This is what Redis holds for them: the
 * plan, and the digests of the compiled program and of the user's own files, which are in Redis as well.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { nameOf, pathsOf } from '../harness/own/packed-file.ts';
import type { HuntHead } from '../hunt/hunt-folder.ts';
import { VARIED, type HuntPlan } from '../hunt/plan/hunt-plan.ts';
import { checkShape } from '../protocol/settings/check-shape.ts';
import { UserError } from '../protocol/user-error.ts';
import { specShape, type TestSpec } from '../run/test-spec.ts';
import { isId } from './keys.ts';
import { KIND_FORM, type RunKind } from './run-kind.ts';
import { NotOurs, numberForm, parsed, readAs, textForm } from './read-fields.ts';

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

const PATH = textForm(4096);
const DIGEST = z.string().regex(/^[0-9a-f]{64}$/);
const FILE_NAME = /^(?!\.)[^\p{Cc}/\\]{1,200}$/u;

const SPEC = z.custom<TestSpec>((base) => {
  try {
    checkShape(base, specShape(), { source: 'campaign', field: 'setting' });
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
});

const VARIED_SETTINGS = z.array(z.enum(VARIED)).max(VARIED.length);

const PLAN = z.object({
  base: SPEC,
  asked: VARIED_SETTINGS,
  kept: VARIED_SETTINGS,
  leastNodes: numberForm,
  readySeconds: numberForm,
  failoverSeconds: numberForm.exactOptional(),
  hasPrimary: z.boolean(),
});

const CAMPAIGN = z.object({
  version: z.literal(CAMPAIGN_VERSION),
  id: z.string().refine(isId),
  startedAt: textForm(40),
  host: textForm(300),
  kind: KIND_FORM,
  plan: PLAN,
  program: z.object({
    shown: PATH,
    // It becomes a file name.
    name: z.string().regex(/^(?!\.)[\w.-]{1,300}$/),
    sha256: DIGEST,
  }),
  // Their names become names of files as well.
  files: z
    .array(z.object({ path: PATH.refine((path) => FILE_NAME.test(nameOf(path))), sha256: DIGEST }))
    .max(200),
});

/** Parses a campaign. Throws NotOurs for data that no hunt has written. */
export function readCampaign(id: string, text: string): Campaign {
  const campaign = readAs(CAMPAIGN, parsed(text));
  if (campaign.id !== id) throw new NotOurs('another id');
  const sent = new Set(campaign.files.map(({ path }) => path));
  // A worker must not read files of its own machine.
  if (!pathsOf(campaign.plan.base).every((path) => sent.has(path)))
    throw new NotOurs('not all files are sent');
  return campaign;
}
