/**
 * `--reporter`: results for machines. Files are created before anything runs, so that an unwritable one is reported at
 * once, and are complete after each run, so that a job that is killed leaves the results so far.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../../files/make-folders.ts';
import { oneOf } from '../../harness/settings/one-of.ts';
import { UserError } from '../../protocol/user-error.ts';
import { explainFileError } from '../../store/explain-file-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { refuseTilde } from '../words/home-path.ts';
import { GithubCommands, summaryMarkdown } from './github.ts';
import { REPORTER_NAMES, type ReporterName } from './reporter-option.ts';
import { runLine, summaryLine } from './json-lines.ts';
import { junitXml } from './junit.ts';
import { refusedRun, type ReportedEnd, type ReportedRun } from './reported-run.ts';

interface Reporter {
  run(run: ReportedRun, runs: readonly ReportedRun[]): void;
  end(runs: readonly ReportedRun[], end: ReportedEnd): void;
}

interface GivenReporter {
  readonly name: ReporterName;
  readonly file: string | undefined;
}

export interface Reporters {
  /** The session of the command; its text for people goes to standard error if a report uses standard output. */
  readonly session: Session;
  readonly add: (run: ReportedRun) => void;
}

/**
 * Reports the runs that `work` adds, even when it throws. `asked` is the number of runs to be made, if known in
 * advance. Throws a UserError for unknown reporters and for files that cannot be written.
 */
export async function withReporters(
  words: readonly string[] | undefined,
  session: Session,
  asked: number | undefined,
  work: (reporters: Reporters) => Promise<ExitCode>,
): Promise<ExitCode> {
  const given = readReporters(words ?? []);
  const own = given.some(takesOutput) ? { ...session, console: session.errors } : session;
  const runs: ReportedRun[] = [];
  const all = given.map((one) => openReporter(one, session, own));
  let exitCode: ExitCode = EXIT.internalError;
  const add = (run: ReportedRun): void => {
    runs.push(run);
    for (const reporter of all) reporter.run(run, runs);
  };
  try {
    exitCode = await work({ session: own, add });
  } catch (error) {
    if (error instanceof UserError) {
      exitCode = EXIT.badArguments;
      add(refusedRun('maelstrom', [error.message, error.hint ?? ''].join('\n').trim()));
    }
    throw error;
  } finally {
    for (const reporter of all) reporter.end(runs, { asked: asked ?? runs.length, exitCode });
  }
  return exitCode;
}

function readReporters(words: readonly string[]): readonly GivenReporter[] {
  const given = words
    .flatMap((word) => word.split(','))
    .filter((word) => word.trim() !== '')
    .map((word): GivenReporter => {
      const [name = '', ...file] = word.trim().split('=');
      const path = file.join('=');
      refuseTilde('--reporter', path);
      if (file.length > 0 && path === '')
        throw new UserError(`--reporter ${word} has no file name.`, `Write: --reporter ${name}=FILE`);
      return {
        name: oneOf(name, REPORTER_NAMES, { option: '--reporter', kind: 'reporter' }),
        file: file.length > 0 ? path : undefined,
      };
    });
  const printed = given.filter(takesOutput).map(({ name }) => name);
  if (printed.length > 1)
    throw new UserError(
      `--reporter: ${printed.join(' and ')} would both write to standard output.`,
      `Write one of them to a file: --reporter ${printed[0]}=FILE`,
    );
  return given;
}

/** True when nothing else may be written to standard output. */
const takesOutput = ({ name, file }: GivenReporter): boolean => name !== 'github' && file === undefined;

function openReporter(
  { name, file }: GivenReporter,
  { console: output, env }: Session,
  own: Session,
): Reporter {
  const print = (text: string): void => output.line(text.trimEnd());
  switch (name) {
    case 'junit': {
      const write = file === undefined ? undefined : openFile(file, junitXml([]));
      return {
        run: (_, runs) => write?.(junitXml(runs)),
        end: (runs) => (write ?? print)(junitXml(runs)),
      };
    }
    case 'json': {
      const add = file === undefined ? print : openLines(file);
      return { run: (run) => add(runLine(run)), end: (runs, end) => add(summaryLine(runs, end)) };
    }
    case 'github': {
      const ofJob = env['GITHUB_STEP_SUMMARY'];
      const summary =
        file === undefined ? ofJob && ((text: string) => append(ofJob, text)) : openFile(file, '');
      const repository = env['GITHUB_WORKSPACE'] || '.';
      const commands = new GithubCommands((text) => own.console.line(text), repository);
      return {
        run: (run) => commands.annotate(run),
        end: (runs, { asked }) => {
          if (summary) summary(summaryMarkdown(runs, asked));
          commands.resume();
        },
      };
    }
  }
}

/** Writes the file, and returns a function that rewrites it. */
function openFile(path: string, text: string): (text: string) => void {
  const write = (all: string): void => attempt(path, () => writeFileSync(path, all));
  attempt(path, () => makeFolders(dirname(path)));
  write(text);
  return write;
}

function openLines(path: string): (text: string) => void {
  openFile(path, '');
  return (text) => append(path, text);
}

const append = (path: string, text: string): void => attempt(path, () => appendFileSync(path, text));

function attempt(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new UserError(
      `--reporter: ${explainFileError(path, error)}`,
      'Name a file that can be written: --reporter junit=reports/junit.xml',
    );
  }
}
