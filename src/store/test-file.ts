/**
 * test.json: the description of a run, for reading it back. It has its own version; an older one would be converted
 * here step by step, and a newer one is refused with advice.
 */
import type { TestSpec } from '../run/test-spec.ts';
import { UserError } from '../protocol/user-error.ts';

const TEST_FILE_VERSION = 1;

export interface TestFile {
  readonly version: typeof TEST_FILE_VERSION;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** The command line that reproduces the run, if known. */
  readonly command?: string;
  readonly seed: string;
  /** Digest of a simulated run that completed, which is the same for the same seed; see run-digest.ts. */
  readonly digest?: string;
  /** Versions of Maelstrom and of Node, and the platform. */
  readonly versions: { readonly maelstrom: string; readonly node: string; readonly platform: string };
  readonly spec: TestSpec;
}

export interface TestFacts {
  readonly spec: TestSpec;
  readonly startedAt: Date;
  readonly maelstromVersion: string;
  readonly command?: string | undefined;
}

export function writeTestFile(facts: TestFacts, digest?: string): string {
  const { spec, command } = facts;
  const file: TestFile = {
    version: TEST_FILE_VERSION,
    startedAt: facts.startedAt.toISOString(),
    ...(command === undefined ? {} : { command }),
    seed: spec.seed,
    ...(digest === undefined ? {} : { digest }),
    versions: {
      maelstrom: facts.maelstromVersion,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    },
    spec,
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/** Throws a UserError if the text is not such a file, or has a later version. */
export function readTestFile(text: string, path: string): TestFile {
  let file: Partial<TestFile> | null;
  try {
    // Fields that anything depends on are checked below.
    file = JSON.parse(text) as Partial<TestFile> | null;
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${(error as Error).message}`);
  }
  const version: unknown = file?.version;
  if (typeof version === 'number' && version > TEST_FILE_VERSION) {
    throw new UserError(
      `${path} was written by a later Maelstrom (format ${version}; this one reads up to ${TEST_FILE_VERSION}).`,
      `Update Maelstrom, or read it with version ${String(file?.versions?.maelstrom)}.`,
    );
  }
  if (version !== TEST_FILE_VERSION || typeof file?.spec?.workload !== 'string') {
    throw new UserError(`${path} is not the description of a test.`);
  }
  return file as TestFile;
}
