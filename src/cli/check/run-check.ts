/**
 * Checks a history and prints the result. Operations go from the file directly to the checker, which keeps them as columns, so
 * that millions of them fit into memory.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyResult, unfinishedResult } from '../../checkers/check.ts';
import { boundedResult } from '../../checkers/bounded-result.ts';
import type { Budget, Checker, CheckResult } from '../../checkers/checker.ts';
import { guessModel } from '../../checkers/models/guess-model.ts';
import { within } from '../../checkers/budget/limits.ts';
import { replaceFile } from '../../files/plain-file.ts';
import { HistoryError } from '../../history/history-error.ts';
import { HistoryStream, type HistoryEnd } from '../../history/reading/history-stream.ts';
import { IndexOrder } from '../../history/index-order.ts';
import type { Op } from '../../history/op.ts';
import { OperationNumbers, type NumberOf } from '../../history/operation-names.ts';
import { PairingGuard } from '../../history/pairing-guard.ts';
import { counted } from '../../protocol/count-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { namedByInvocation } from '../../run/words/named-by-invocation.ts';
import { resultsToEdnText, resultsToJson } from '../../store/results/results-text.ts';
import { isFileWord } from '../../harness/own/own-file-words.ts';
import { flagOf, type CheckRequest } from './check-options.ts';
import { EXIT, exitCodeOf, type ExitCode } from '../exit-code.ts';
import { writeCheckReport } from './check-report.ts';
import { explainHistory, type ExplainedHistory } from './check-story.ts';
import { findHistory, type HistorySource } from './history-source.ts';
import type { Judge } from './judge.ts';
import { judgeOfFile } from './judge-of-file.ts';
import { judgeOfModel } from './judge-of-model.ts';
import { judgeOfRun } from './judge-of-run.ts';
import { refuseOverwriting } from './refuse-overwriting.ts';
import type { Session } from '../session.ts';
import { showChecks, showVerdict } from '../show/show-outcome.ts';
import { showStory } from '../show/show-story.ts';
import { shownLines } from '../../protocol/shown-text.ts';

const NOT_EXPLAINED: ExplainedHistory = { drawn: undefined, stories: undefined };

/** Number of operations inspected to suggest a model. */
const GUESS_FROM = 2000;

export async function runCheck(request: CheckRequest, session: Session): Promise<ExitCode> {
  const source = findHistory(request.path, () => session.stdin());
  refuseToReadTwice(source, request);
  refuseOverwriting(source, request);
  const judge = await findJudge(request, source);
  const budget = within(request, {
    nowMs: () => performance.now(),
    usedMb: () => process.memoryUsage.rss() / 2 ** 20,
  });
  const judged = await judgeHistory(source, judge, budget);
  const { result, operations, numberOf } = judged;
  const warnings = warningsOf(source, judge, judged);
  const { console, errors } = session;
  for (const warning of warnings) errors.line(`${errors.paint('yellow', 'Warning:')} ${shownLines(warning)}`);
  const results: CheckResult = boundedResult(warnings.length === 0 ? result : { ...result, warnings });
  const { certificate, report: file } = request;
  const proof = certificate === undefined ? undefined : await prove(certificate);
  const files = writeResults(results, judge.name, request, source);
  const sentence = judge.sentence(result, { operations, numberOf });
  const explained =
    file === undefined && !console.isTerminal ? NOT_EXPLAINED : await explain(source, judge, judged, results);
  const { name: model, reading } = judge;
  if (file !== undefined)
    await writeCheckReport({ source, model, reading, result: results, numberOf, explained, sentence, file });
  const lines = [
    sentence,
    `History: ${source.name}, ${counted(operations, 'operation')}   Judged as: ${judge.name}`,
    ...(judged.end.processNames === undefined ? [] : [`Processes by number: ${judged.end.processNames}`]),
    ...(judged.end.areSessions === true
      ? ['Each session is a process; the order of transactions is known within a session only.']
      : []),
    ...(files.length === 0 ? [] : [`Results: ${files.join(', ')}`]),
    ...(file === undefined ? [] : [`Report: ${file}`]),
    ...(proof === undefined ? [] : [proof]),
  ];
  const code = exitCodeOf(results['valid?']);
  if (request.json === true) {
    console.line(resultsToJson(results).trimEnd());
    return code;
  }
  if (console.isTerminal && !request.edn) {
    const more = files.length === 0 ? ['For all results, add --edn or --out FILE'] : [];
    const checks = judge.checks(result, { operations, numberOf });
    showChecks({ validity: results['valid?'], checks, lines: [...lines, ...more] }, console);
  } else {
    const allIn = files.at(-1) ?? '--out FILE';
    showVerdict({ results, checker: judge.name, lines, before: warnings, allIn }, console);
  }
  const whole = file ?? 'add --report FILE.html';
  if (explained.stories !== undefined)
    showStory(explained.stories, { whole, isValid: code === EXIT.valid }, console);
  return code;

  async function prove(to: string): Promise<string> {
    const { writeCertificate } = await import('./write-certificate.ts');
    return writeCertificate({ source, model: judge.model, reading: judge.reading, result, budget, file: to });
  }
}

/** Tells the story of a history that is not valid, if it can be read once more and does not belong to a run. */
async function explain(
  source: HistorySource,
  judge: Judge,
  { result, numberOf, end }: Judged,
  { 'valid?': validity }: CheckResult,
): Promise<ExplainedHistory> {
  if (judge.isOfRun || source.once === true || validity !== false) return NOT_EXPLAINED;
  const { name: model, reading } = judge;
  const shown = namedByInvocation(result, numberOf);
  return explainHistory({
    source,
    model,
    reading,
    result: shown,
    evidence: judge.evidence?.(shown),
    entries: end.operations,
  });
}

/** Throws a UserError for a pipe that would have to be read twice: the second read would be empty or block forever. */
function refuseToReadTwice({ name, once }: HistorySource, { certificate, report }: CheckRequest): void {
  if (once !== true || (certificate === undefined && report === undefined)) return;
  throw new UserError(
    `${certificate === undefined ? '--report' : '--certificate'} reads the history twice, but ${name} can be read only once.`,
    'Write the history to a file, and check the file.',
  );
}

function warningsOf(source: HistorySource, judge: Judge, { result, end, order }: Judged): readonly string[] {
  const { name, better } = source;
  const { warnings: own } = result;
  return [
    ...judge.warnings,
    ...(better === undefined ? [] : [`${name} has no times and does not mark final reads; ${better} does.`]),
    ...(Array.isArray(own) ? own.filter((warning) => typeof warning === 'string') : []),
    ...(order.warning === undefined ? [] : [`${name}: ${order.warning}`]),
    ...(end.truncated === undefined ? [] : [`${name}: ${end.truncated}`]),
  ];
}

async function findJudge(request: CheckRequest, source: HistorySource): Promise<Judge> {
  if (request.write && (source.run === undefined || request.model !== undefined)) {
    throw new UserError(
      "--write replaces the results of a run: it needs a run's folder, and cannot be combined with --model.",
      'To write results to another file, use --out FILE.',
    );
  }
  if (request.report !== undefined && source.run !== undefined && request.model === undefined) {
    throw new UserError("--report is for history files; a run's folder already has a report.html.");
  }
  if (request.workload !== undefined && (source.run === undefined || request.model !== undefined)) {
    throw new UserError(
      "--workload names the file of a run's workload: it needs a run's folder, and cannot be combined with --model.",
    );
  }
  if (request.model !== undefined) {
    const judgeBy = isFileWord(request.model) ? judgeOfFile : judgeOfModel;
    return judgeBy(request.model, request.modelOptions);
  }
  const { workload } = request;
  if (source.run !== undefined) return judgeOfRun(source.run, request.modelOptions, workload);
  throw await modelMissing(source);
}

/** Returns an error that suggests a model, based on the beginning of the history. */
async function modelMissing(source: HistorySource): Promise<UserError> {
  const hint = 'Models: maelstrom check --help, and docs/checking-histories.md.';
  const ops: Op[] = [];
  const stream = new HistoryStream((op) => ops.push(op), { defaultF: 'txn', keyField: 'pair' });
  try {
    for await (const chunk of source.chunks()) {
      stream.push(chunk);
      if (ops.length >= GUESS_FROM) break;
    }
    // Some formats are read as a whole.
    if (ops.length === 0) stream.end();
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    return new UserError(`${source.name}: ${error.message}`);
  }
  const guess = guessModel(ops);
  if (guess === undefined) {
    return new UserError(`--model is missing: it says what the operations of ${source.name} mean.`, hint);
  }
  const flags = Object.entries(guess.options).map(([name, value]) =>
    value === true ? flagOf(name) : `${flagOf(name)} ${value}`,
  );
  return new UserError(
    `--model is missing: it says what the operations of ${source.name} mean.`,
    `It looks like ${guess.model}: add ${[`--model ${guess.model}`, ...flags].join(' ')}`,
  );
}

interface Judged {
  readonly result: CheckResult;
  readonly end: HistoryEnd;
  /** Number of client operations, about half the number of entries. */
  readonly operations: number;
  readonly numberOf: NumberOf;
  readonly order: IndexOrder;
}

/** Throws a UserError with the line for a malformed history. */
async function judgeHistory(
  source: HistorySource,
  judge: Judge,
  budget: Budget | undefined,
): Promise<Judged> {
  const { checker } = judge;
  const guard = new PairingGuard(judge);
  const numbers = new OperationNumbers();
  const order = new IndexOrder();
  let entries = 0;
  const stream = new HistoryStream((op, line) => {
    guard.observe(op, line);
    numbers.observe(op);
    order.observe(op, line);
    observeAt(checker, op, line);
    entries++;
    if (checker.malformed !== undefined) throw malformedAt(checker, line);
  }, judge.reading);
  const judged = (result: CheckResult, end: HistoryEnd): Judged => ({
    result,
    end,
    operations: numbers.count,
    numberOf: numbers.numberOf,
    order,
  });
  try {
    for await (const chunk of source.chunks()) {
      stream.push(chunk);
      if (budget?.exhausted() === true) return judged(unfinishedResult(entries), { operations: entries });
    }
    const end = stream.end();
    const isEmpty = numbers.count === 0 && !judge.isOfRun;
    return judged(isEmpty ? emptyResult(end.operations) : checker.result(budget), end);
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    throw new UserError(
      `${source.name}: ${error.message}`,
      'Nothing was checked: every line must be an operation that the model knows.',
    );
  }
}

/** Reports an operation that the model does not know as an error in that line. */
function observeAt(checker: Checker, op: Op, line: number): void {
  try {
    checker.observe(op);
  } catch (error) {
    if (error instanceof UserError) throw new HistoryError(`line ${line}: ${error.message}`);
    throw error;
  }
}

function malformedAt({ malformed = '' }: Checker, line: number): HistoryError {
  return new HistoryError(`line ${line}: ${malformed.replace(/\.$/, '')}.`);
}

/** Writes the requested files. Returns them for the message. */
function writeResults(
  results: CheckResult,
  checker: string,
  { out, write }: CheckRequest,
  { run }: HistorySource,
): readonly string[] {
  const files = [
    ...(write && run !== undefined
      ? [join(run, RUN_FILES.resultsJson), join(run, RUN_FILES.resultsEdn)]
      : []),
    ...(out === undefined ? [] : [out]),
  ];
  for (const file of files) {
    try {
      const text = file.endsWith('.json') ? resultsToJson(results) : resultsToEdnText(results, checker);
      // The caller may name anything writable, such as /dev/stdout.
      if (file === out) writeFileSync(file, text);
      else replaceFile(file, text);
    } catch (error) {
      throw new UserError(`The results could not be written: ${(error as Error).message}.`);
    }
  }
  return files;
}
