/** Writes what shows that a run is wrong: a folder for each key, a text and drawings for each finding. */
import { dirname, join } from 'node:path';
import { opToEdnLine, opToTxtLine } from '../history/op-codec.ts';
import { REPORT_FILES, RUN_FILES } from '../store/layout.ts';
import { keyResultToEdnText, resultsToJson } from '../store/results/results-text.ts';
import { caseFile } from '../recording/finding-view.ts';
import { suspectsOf } from '../recording/suspects.ts';
import type { Evidence, JudgedKey } from '../checkers/evidence.ts';
import { resultsReadBack } from '../run/verdict/test-results.ts';
import type { Finding, NamedFinding, NamedFindings } from './findings/finding.ts';
import { anomalyFinding, linearFinding } from './findings/findings.ts';
import { gatheringFor } from './findings/gather.ts';
import { anomalyFile, keyFolder, linearFile } from './findings/evidence-files.ts';
import { KeyHistories, keysToKeep } from './findings/key-folders.ts';
import { timelinePage } from './pages/timeline.ts';
import { forEachOp } from './read/read-run-facts.ts';
import type { RunFacts } from './read/run-facts.ts';
import { operationsByIndex, wholeOperations, type WholeOperation } from './read/whole-operations.ts';
import type { ReportFiles } from './report-files.ts';
import { svgFile } from './svg/svg.ts';

export interface Findings {
  readonly findings: NamedFindings;
  /** The first operation that shows that the run is wrong. */
  readonly failure: WholeOperation | undefined;
}

export const NOTHING_FOUND: Findings = { findings: [], failure: undefined };

export const isWrong = ({ results }: RunFacts): boolean => {
  const { workload } = resultsReadBack(results);
  return workload !== undefined && workload['valid?'] !== true;
};

interface FindingsOrder {
  readonly folder: string;
  readonly evidence: Evidence | undefined;
  readonly files: ReportFiles;
}

export async function writeFindings(
  facts: RunFacts,
  { folder, evidence, files }: FindingsOrder,
): Promise<Findings> {
  const { bands, history } = facts;
  const { nodeOf } = facts.clients;
  const keys = keysWithFolder(evidence, history.count);
  const accusing = isWrong(facts) ? evidence : undefined;
  if (keys.length === 0 && accusing === undefined) return NOTHING_FOUND;
  const accused =
    accusing === undefined
      ? []
      : suspectsOf({ ...accusing, also: undefined }).flatMap(({ operations }) => operations);
  const anomalies = evidence?.kind === 'anomalies' ? evidence.anomalies : [];
  const shown = anomalies.flatMap(({ simplest, others = [] }) =>
    [simplest, ...others].flatMap(({ operations }) => operations),
  );
  const byIndex = operationsByIndex(history, [...accused, ...shown]);
  const histories = new KeyHistories(keys.map(({ key }) => key));
  const { concurrency } = facts.test.spec;
  const gathering =
    accusing && gatheringFor(accusing, { concurrency, nodeOf, bands, endNanos: history.endNanos });
  if (keys.length > 0 || gathering !== undefined)
    forEachOp(join(folder, RUN_FILES.historyJsonl), (op) => {
      histories.observe(op);
      gathering?.observe(op);
    });
  const ofKeys = await writeKeys(keys, { facts, histories, files });
  const others = [
    ...anomalies.map(
      (anomaly) => [anomalyFile(anomaly.type), anomalyFinding(anomaly, byIndex, nodeOf)] as const,
    ),
    ...(gathering?.findings() ?? []),
  ];
  for (const one of others) await writeFinding(one, files);
  return {
    findings: [...ofKeys, ...others],
    failure: gathering?.first() ?? firstOf(impossibleIn(evidence), byIndex) ?? firstOf(accused, byIndex),
  };
}

function keysWithFolder(evidence: Evidence | undefined, operations: number): readonly JudgedKey[] {
  if (evidence?.kind !== 'keys') return [];
  const judged = new Map(evidence.keys.map((one) => [one.key, one]));
  const verdicts = new Map(evidence.keys.map(({ key, result }) => [key, result]));
  return keysToKeep(verdicts, operations).flatMap((key) => judged.get(key) ?? []);
}

interface KeysOrder {
  readonly facts: RunFacts;
  readonly histories: KeyHistories;
  readonly files: ReportFiles;
}

async function writeKeys(
  keys: readonly JudgedKey[],
  { facts, histories, files }: KeysOrder,
): Promise<readonly NamedFinding[]> {
  const findings: NamedFinding[] = [];
  for (const one of keys) {
    const { key, result } = one;
    const ops = histories.of(key);
    const operations = wholeOperations(ops);
    const within = (name: string): string => join(keyFolder(key), name);
    await files.write(within(RUN_FILES.historyTxt), () => ops.map((op) => `${opToTxtLine(op)}\n`).join(''));
    await files.write(within(RUN_FILES.historyEdn), () => ops.map((op) => `${opToEdnLine(op)}\n`).join(''));
    await files.write(within(RUN_FILES.resultsEdn), () => keyResultToEdnText(result));
    await files.write(within(RUN_FILES.resultsJson), () => resultsToJson(result));
    await files.write(within(REPORT_FILES.timeline), () =>
      timelinePage({ ...facts, operations, total: operations.length }),
    );
    const finding = linearFinding(one, operations, facts.clients.nodeOf);
    if (finding === undefined) continue;
    findings.push([linearFile(key), finding]);
    await writePicture(finding, `${linearFile(key)}.svg`, files);
  }
  return findings;
}

async function writeFinding([name, finding]: NamedFinding, files: ReportFiles): Promise<void> {
  await files.write(`${name}.txt`, () => `${finding.fullText}\n`);
  await writePicture(finding, `${name}.svg`, files);
  // Upstream has a drawing here for each record; ours are of the simplest.
  if (dirname(name) === REPORT_FILES.elle) await writePicture(finding, caseFile(name, 0), files);
  for (const [at, other] of (finding.others ?? []).entries())
    await writePicture(other, caseFile(name, at + 1), files);
}

/** Returns the operations that no order allows: those in doubt that may have come before are accused with them. */
const impossibleIn = (evidence: Evidence | undefined): readonly number[] =>
  evidence?.kind === 'keys'
    ? evidence.keys.flatMap(({ impossible }) => (impossible === undefined ? [] : [impossible.op.index]))
    : [];

function firstOf(
  accused: readonly number[],
  found: ReadonlyMap<number, WholeOperation>,
): WholeOperation | undefined {
  let first: WholeOperation | undefined;
  for (const index of accused) {
    const operation = found.get(index);
    if (operation !== undefined && operation.invocation.index < (first?.invocation.index ?? Infinity))
      first = operation;
  }
  return first;
}

async function writePicture(
  { picture }: Pick<Finding, 'picture'>,
  name: string,
  files: ReportFiles,
): Promise<void> {
  if (picture !== undefined) await files.write(name, () => svgFile(picture));
}
