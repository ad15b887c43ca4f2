/** Finds what a history is to be judged by: the model that is named, or the workload of its run. */
import { guessModel } from '../../checkers/models/guess-model.ts';
import { HistoryError } from '../../history/history-error.ts';
import { HistoryStream } from '../../history/reading/history-stream.ts';
import type { Op } from '../../history/op.ts';
import { UserError } from '../../protocol/user-error.ts';
import { isFileWord } from '../../harness/own/own-file-words.ts';
import { flagOf, type CheckRequest } from './check-options.ts';
import type { HistorySource } from './history-source.ts';
import type { Judge } from './judge.ts';
import { judgeOfFile } from './judge-of-file.ts';
import { judgeOfModel } from './judge-of-model.ts';
import { judgeOfRun } from './judge-of-run.ts';

/** Number of operations inspected to suggest a model. */
const GUESS_FROM = 2000;

export async function findJudge(request: CheckRequest, source: HistorySource): Promise<Judge> {
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
