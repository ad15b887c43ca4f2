/**
 * Reads a recorded run from the files of its folder in memory, indexed by name (such as those of a zip). The page's
 * data and the verdict in words are taken from its report.html if that is among them.
 */
import { ClientBook } from '../../history/client-book.ts';
import { JOURNAL_FILES } from '../../network/journal/journal-format.ts';
import { UserError } from '../../protocol/user-error.ts';
import { clientIn } from '../../store/client-line.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { readTestFile, type TestFile } from '../../store/test-file.ts';
import { memoryFile } from '../files/memory-file.ts';
import type { PackedLog } from './packed-run.ts';
import { runCard, verdictOfResults } from '../run-card.ts';
import { textOf, type RunFile, type RunSource } from '../run-source.ts';
import type { RunPage } from '../views.ts';
import { unlessThrows } from '../../protocol/unless-throws.ts';

export type RunFiles = ReadonlyMap<string, Uint8Array>;

export interface RunFromFiles {
  readonly source: RunSource;
  readonly page: RunPage;
  readonly logs: readonly PackedLog[];
}

/** True for files of a run's folder that are used. */
export function isRunFile(name: string): boolean {
  return (
    [
      RUN_FILES.test,
      RUN_FILES.historyJsonl,
      RUN_FILES.resultsJson,
      RUN_FILES.log,
      RUN_FILES.clients,
      RUN_FILES.zero,
      RUN_FILES.states,
      'report.html',
    ].includes(name) ||
    Object.values(JOURNAL_FILES).some((file) => name === `${RUN_FILES.journal}/${file}`) ||
    isNodeLog(name)
  );
}

const isNodeLog = (name: string): boolean =>
  name.startsWith(`${RUN_FILES.nodeLogs}/`) && name.endsWith('.log');

/** Throws a UserError if the files are not those of a run. `described` is the page data in report.html. */
export function runFromFiles(files: RunFiles, described: RunPage | undefined): RunFromFiles {
  const text = (name: string): string | undefined => {
    const bytes = files.get(name);
    return bytes === undefined ? undefined : textOf(bytes);
  };
  const description = text(RUN_FILES.test);
  if (description === undefined)
    throw new UserError(`There is no ${RUN_FILES.test} in it, so it is no folder of a run.`);
  const test = readTestFile(description, RUN_FILES.test);
  const results = text(RUN_FILES.resultsJson);
  const zeroNanos = numberIn(text(RUN_FILES.zero), 'zeroNanos');
  const clients = new ClientBook();
  for (const line of (text(RUN_FILES.clients) ?? '').split('\n')) {
    const client = clientIn(line);
    if (client !== undefined) clients.add({ ...client, time: client.time - zeroNanos });
  }
  const file = (name: string): RunFile => fileOf(name, files.get(name));
  const journal = (name: string): RunFile => file(`${RUN_FILES.journal}/${name}`);
  const logs = [...files].flatMap(([name, bytes]): PackedLog[] =>
    name === RUN_FILES.log || isNodeLog(name) ? [{ name, text: textOf(bytes), bytes: bytes.length }] : [],
  );
  return {
    source: {
      test,
      journal: {
        messages: journal(JOURNAL_FILES.messages),
        events: journal(JOURNAL_FILES.events),
        bodies: journal(JOURNAL_FILES.bodies),
        names: journal(JOURNAL_FILES.names),
        causes: journal(JOURNAL_FILES.causes),
        zeroNanos: () => zeroNanos,
      },
      history: file(RUN_FILES.historyJsonl),
      clients,
      states: file(RUN_FILES.states),
      refreshClients: () => undefined,
      logMarks: () => [],
      results: () => results,
    },
    page: described ?? pageWithoutReport(test, results),
    logs,
  };
}

function pageWithoutReport(test: TestFile, results: string | undefined): RunPage {
  const card = runCard(`${test.spec.workload}/${test.startedAt}`, test, 'unfinished');
  const page = { card, test, suspects: [], findings: [], logs: [], files: [] };
  if (results === undefined) return page;
  const verdict = verdictOfResults(fieldIn(results, 'valid?'));
  return {
    ...page,
    card: { ...card, verdict },
    sentence: `The results say: ${verdict}. There is no report.html of this version among the files, which would have it in words.`,
  };
}

/** A missing file fails like a missing stored file; see run-source.ts. */
function fileOf(path: string, bytes: Uint8Array | undefined): RunFile {
  if (bytes !== undefined) return memoryFile(path, bytes);
  const missing = (): never => {
    throw Object.assign(new Error(`${path} is not among the files.`), { code: 'ENOENT' });
  };
  return { path, scan: () => Promise.resolve().then(missing), look: missing };
}

/** Any value may be there; only that field is used. */
const fieldIn = (text: string, name: string): unknown =>
  unlessThrows(() => Object(JSON.parse(text))[name] as unknown);

function numberIn(text: string | undefined, name: string): number {
  const value = text === undefined ? undefined : fieldIn(text, name);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;
}
