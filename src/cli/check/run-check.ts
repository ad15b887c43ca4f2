/** Checks a history and prints the result. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boundedResult } from '../../checkers/bounded-result.ts';
import type { CheckResult } from '../../checkers/checker.ts';
import { within } from '../../checkers/budget/limits.ts';
import { replaceFile } from '../../files/plain-file.ts';
import { counted } from '../../protocol/count-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { namedByInvocation } from '../../run/words/named-by-invocation.ts';
import { resultsToEdnText, resultsToJson } from '../../store/results/results-text.ts';
import type { CheckRequest } from './check-options.ts';
import { EXIT, exitCodeOf, type ExitCode } from '../exit-code.ts';
import { writeCheckReport } from './check-report.ts';
import { explainHistory, type ExplainedHistory } from './check-story.ts';
import { findHistory, type HistorySource } from './history-source.ts';
import { findJudge } from './find-judge.ts';
import type { Judge } from './judge.ts';
import { judgeHistory, type Judged } from './judge-history.ts';
import { refuseOverwriting } from './refuse-overwriting.ts';
import type { Session } from '../session.ts';
import { showChecks, showVerdict } from '../show/show-outcome.ts';
import { showStory } from '../show/show-story.ts';
import { shownLines } from '../../protocol/shown-text.ts';

const NOT_EXPLAINED: ExplainedHistory = { drawn: undefined, stories: undefined };

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
