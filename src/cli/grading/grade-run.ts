/** Runs one test of an assignment with one seed, and decides whether the program passes it. */
import type { Validity } from '../../checkers/checker.ts';
import { abortBy, type RunningTest, type StoredResults } from '../../harness/one-test/running-test.ts';
import { openTest } from '../../harness/one-test/open-test.ts';
import { reportRun } from '../../harness/one-test/report-run.ts';
import { severityOf } from '../../network/violation-kinds.ts';
import { shellWord } from '../../protocol/shell-word.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { OwnFault, UserError } from '../../protocol/user-error.ts';
import { ownErrorOf } from '../../run/guards/own-error.ts';
import type { TestResults } from '../../run/verdict/test-results.ts';
import { warningsSentence } from '../../run/words/protocol-sentences.ts';
import type { RunStatus } from '../../run/run-status.ts';
import { loadWorkload } from '../../harness/own/load-own.ts';
import { resolve } from 'node:path';
import { readTestSpec } from '../test-command/read-test-spec.ts';
import { TEST_COMMAND, type TestWords } from '../test-command/test-command.ts';
import { parseWords } from '../words/read-words.ts';
import { EXIT, exitCodeOf } from '../exit-code.ts';
import { refusedRun, reportedRun, type ReportedRun, type RunFacts } from '../reporters/reported-run.ts';
import type { Assignment, Limits } from './assignment.ts';
import { busyMachine } from './busy-machine.ts';
import { beyondLimits, figuresOf, isTooSlow, type Figures } from './figures.ts';

export interface GradedRun {
  /** The words after `maelstrom test`, without the program and the seed. */
  readonly test: string;
  readonly seed: string;
  readonly passes: boolean;
  /** Also `unknown` if the program could not be run or took too long. */
  readonly validity: Validity;
  /** The verdict in words, or why there is none. */
  readonly sentence: string;
  readonly figures: Figures;
  /** Describes each figure that is not below its limit, and says so if the machine was too busy for the latencies. */
  readonly beyond: readonly string[];
  /** Remarks on a valid verdict, which change no grade. */
  readonly remarks: readonly string[];
  /** Absolute path; undefined if nothing was run. */
  readonly folder: string | undefined;
  /** The command that runs it again. */
  readonly command: string;
  /**
   * True when a file of the teacher's was at fault, such as a checker that threw, so that nothing was learnt about the
   * program.
   */
  readonly isUngraded: boolean;
  /** The run for reporters, which set its suite. */
  readonly reported: ReportedRun;
}

export interface RunRequest {
  readonly assignment: Pick<Assignment, 'limits'>;
  readonly test: string;
  /** The program as it would be typed. */
  readonly bin: string;
  readonly seed: string;
  readonly simulate: boolean;
  readonly store: string;
  /** How Maelstrom was called. */
  readonly program: string;
  readonly signal: AbortSignal;
}

/** Extra time for starting nodes and judging, besides the time limit and the recovery. */
const PATIENCE_SECONDS = 180;

/** Returns undefined if the signal stopped it. */
export async function gradeRun(request: RunRequest): Promise<GradedRun | undefined> {
  const { assignment, test, bin, seed, simulate, store, program, signal } = request;
  // These come first because everything after `--` is for the program.
  const words = ['--bin', bin, ...(simulate ? ['--simulate'] : []), '--seed', seed, ...wordsOf(test)];
  const graded = {
    test,
    seed,
    // `program` may be several words itself: `npx maelstrom`.
    command: `${program} ${['test', ...words].map(shellWord).join(' ')}`,
  };
  const refused = (sentence: string, folder?: string): GradedRun => ({
    ...graded,
    passes: false,
    isUngraded: false,
    validity: 'unknown',
    sentence,
    figures: {},
    beyond: [],
    remarks: [],
    folder,
    reported: {
      ...refusedRun('', sentence),
      program: bin,
      seed,
      command: graded.command,
      folder: folder ?? null,
    },
  });
  try {
    const spec = readTestSpec(readTestWords(words), {
      resolveBin: (path) => resolve(path),
      freshSeed: () => seed,
    });
    const workload = await loadWorkload(spec);
    if (signal.aborted) return undefined;
    const startedMs = performance.now();
    const running = await openTest({ spec, workload, store });
    const limitMs = 1000 * (spec.timeLimitSeconds + spec.recoverySeconds + PATIENCE_SECONDS);
    const { finished, status } = await runWithin(limitMs, running, signal);
    if (signal.aborted) return undefined;
    if (finished === undefined) return refused(givenUp(limitMs, status), running.folder);
    const seconds = (performance.now() - startedMs) / 1000;
    const { results, sentence, folder } = finished;
    await reportRun({ folder, sentence, png: false });
    return {
      ...graded,
      isUngraded: ownErrorOf(results, workload) !== undefined,
      ...gradeOf(finished, assignment.limits, { suite: '', spec, seconds, command: graded.command }),
    };
  } catch (error) {
    if (error instanceof UserError) {
      // A message of several lines ends in one that is quoted.
      const between = error.message.includes('\n') ? '\n' : ' ';
      const sentence = [error.message, ...(error.hint === undefined ? [] : [error.hint])].join(between);
      return { ...refused(sentence), isUngraded: error instanceof OwnFault };
    }
    throw error;
  }
}

function gradeOf(
  finished: StoredResults,
  limits: Limits,
  facts: RunFacts,
): Omit<GradedRun, 'test' | 'seed' | 'command' | 'isUngraded'> {
  const { results, sentence, folder } = finished;
  const figures = figuresOf(results);
  const beyond = beyondLimits(figures, limits);
  const busy = facts.spec.world === 'real' && isTooSlow(figures, limits) ? busyMachine() : undefined;
  const validity = results['valid?'];
  const passes = validity === true && beyond.length === 0;
  const code = validity === true && !passes ? EXIT.invalid : exitCodeOf(validity);
  const reported = reportedRun(facts, finished, code);
  return {
    reported: { ...reported, sentence: [...beyond, reported.sentence].join('\n') },
    passes,
    validity,
    sentence,
    figures,
    beyond: [...beyond, ...(busy === undefined ? [] : [busy])],
    remarks: validity === true ? remarksOn(results) : [],
    folder,
  };
}

/** Returns what is worth a remark although the run is valid: hints, and warnings that are the node's own doing. */
function remarksOn({ hints, protocol }: Partial<TestResults>): readonly string[] {
  const warnings = (protocol?.warnings ?? []).filter(({ kind }) => severityOf(kind) !== 'remark');
  const sentence = warningsSentence({ warnings });
  return [...(hints?.hints ?? []), ...(sentence === undefined ? [] : [sentence])];
}

/** Runs the test, and aborts it after that time; then the status is the one that it had. */
async function runWithin(limitMs: number, running: RunningTest, signal: AbortSignal) {
  let status = running.status();
  const timer = setTimeout(() => {
    status = running.status();
    void running.abort();
  }, limitMs);
  const stopListening = abortBy(running, signal);
  try {
    return { finished: await running.run(), status };
  } finally {
    clearTimeout(timer);
    stopListening();
  }
}

/** Explains a run that took too long; usually the machine is overloaded with messages. */
export function givenUp(limitMs: number, { phase, invoked, messages }: RunStatus): string {
  const each = invoked === 0 ? '' : `, ${Math.round(messages / invoked).toLocaleString('en')} for each`;
  return (
    `It was stopped after ${Math.round(limitMs / 1000)} s, in its phase ${phase}: ` +
    `${counted(invoked, 'operation')} had been invoked, and ${messages.toLocaleString('en')} ${byCount(messages, 'message', 'messages')} sent${each}. ` +
    'If that is too many: does a node forward what it already had, or resend without waiting? ' +
    'If not, the machine may be too slow or too busy for this test: run it again alone.'
  );
}

/** Parses the words of a test. Throws a UserError for words that `maelstrom test` does not accept. */
export function readTestWords(words: readonly string[]): TestWords {
  const parsed = parseWords(TEST_COMMAND, words, 80);
  if (parsed.kind === 'help') throw new UserError(`A test cannot be ${JSON.stringify(words.join(' '))}.`);
  return parsed.words;
}

export const wordsOf = (test: string): readonly string[] => test.split(/\s+/).filter((word) => word !== '');
