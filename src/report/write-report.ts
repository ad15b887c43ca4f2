/** Writes the files of a report into a run's folder, in a separate thread (see report-thread.ts). */
import { REPORT_FILES } from '../store/layout.ts';
import { caseFile, storyPictureFile, type StoredFindings } from '../recording/finding-view.ts';
import type { Stories } from '../recording/story.ts';
import { suspectsOf } from '../recording/suspects.ts';
import { resultsReadBack } from '../run/verdict/test-results.ts';
import { storedEvidence } from './read/stored-evidence.ts';
import type { NamedFindings } from './findings/finding.ts';
import { placeBefore } from './read/drawn-messages.ts';
import { PLOTS } from './plots/plots.ts';
import { MessageColumns } from '../recording/messages/message-columns.ts';
import { packedRun, runPageOf } from './pages/page-data.ts';
import { readRunFacts } from './read/read-run-facts.ts';
import { reportPage } from './pages/report-page.ts';
import type { RunFacts } from './read/run-facts.ts';
import { MOST_EVENTS, spaceTime } from './plots/space-time.ts';
import { svgFile, type Picture } from './svg/svg.ts';
import { MOST_OPERATIONS, timelinePage } from './pages/timeline.ts';
import { firstOperations, type WholeOperation } from './read/whole-operations.ts';
import { ReportFiles } from './report-files.ts';
import { isWrong, NOTHING_FOUND, writeFindings } from './write-findings.ts';

export interface ReportOrder {
  /** The run's folder. */
  readonly folder: string;
  /** The verdict in words. */
  readonly sentence: string;
  /** Whether plots are also written as PNGs, which takes a moment longer. */
  readonly png: boolean;
  /** False if times are meaningless. Default: true. */
  readonly plots?: boolean;
}

/** Files that are built beside the program. */
export interface ReportAssets {
  /** The script of report.html. */
  readonly script: string;
  readonly style: string;
  readonly fontFolder: string;
}

/** Stories of the run with their pictures, made by src/story. */
export interface DrawnStories {
  readonly stories: Stories;
  readonly pictures: readonly Picture[];
}

/** Returns a sentence for each file that could not be written or drawn; all others have been written. */
export async function writeReport(
  order: ReportOrder,
  assets: ReportAssets,
  drawn?: DrawnStories,
): Promise<readonly string[]> {
  const files = new ReportFiles(order.folder);
  const facts = await files.attempt('the run', () => readRunFacts(order));
  if (facts === undefined) return files.problems;
  const plots: Plots = order.plots === false ? new Map() : await writePlots(facts, files);
  const evidence = await files.attempt('the evidence', () =>
    storedEvidence(order.folder, {
      ...facts,
      results: resultsReadBack(facts.results),
      numberOf: facts.history.numberOf,
    }),
  );
  const { findings, failure } =
    (await files.attempt('anomalies', () =>
      writeFindings(facts, { folder: order.folder, evidence, files }),
    )) ?? NOTHING_FOUND;
  const stored = storedFindings(findings);
  await files.write(REPORT_FILES.findings, () => `${JSON.stringify(stored)}\n`);
  await files.write(REPORT_FILES.messages, async () => svgFile(await messagesPicture(facts, failure)));
  await files.write(REPORT_FILES.timeline, () =>
    timelinePage({
      ...facts,
      operations: firstOperations(facts.history, MOST_OPERATIONS),
      total: facts.history.count,
    }),
  );
  await files.write(REPORT_FILES.report, async () => {
    const suspects = isWrong(facts) ? suspectsOf(evidence) : [];
    const page = runPageOf(order.folder, facts, {
      stories: drawn?.stories,
      findings: stored.findings,
      suspects,
    });
    const packed = await packedRun(page, facts);
    return reportPage({
      ...assets,
      page,
      packed,
      plots: [...plots.values()],
      pictures: picturesOf(findings, drawn?.pictures ?? []),
    });
  });
  if (order.png) await writePngs(plots, assets.fontFolder, files);
  return files.problems;
}

/** Indexed by file. */
function picturesOf(findings: NamedFindings, ofStories: readonly Picture[]): ReadonlyMap<string, Picture> {
  return new Map([
    ...findings.flatMap(([file, { picture, others = [] }]) => [
      ...drawn(`${file}.svg`, picture),
      ...others.flatMap((other, at) => drawn(caseFile(file, at + 1), other.picture)),
    ]),
    ...ofStories.map((picture, at): [string, Picture] => [storyPictureFile(at), picture]),
  ]);
}

const drawn = (file: string, picture: Picture | undefined): [string, Picture][] =>
  picture === undefined ? [] : [[file, picture]];

const storedFindings = (findings: NamedFindings): StoredFindings => ({
  version: 1,
  findings: findings.map(([file, { title, text, operations, picture, others }]) => ({
    file,
    title,
    text,
    operations,
    hasPicture: picture !== undefined,
    ...(others && {
      others: others.map((other) => ({
        text: other.text,
        operations: other.operations,
        hasPicture: other.picture !== undefined,
      })),
    }),
  })),
});

type Plots = ReadonlyMap<string, Picture>;

async function writePlots({ test, history, bands }: RunFacts, files: ReportFiles): Promise<Plots> {
  const data = { workload: test.spec.workload, history, bands };
  const plots = new Map<string, Picture>();
  for (const { name, draw } of PLOTS) {
    const picture = await files.attempt(name, () => draw(data));
    if (picture === undefined) continue;
    plots.set(name, picture);
    await files.write(`${name}.svg`, () => svgFile(picture));
  }
  return plots;
}

/**
 * Number of events shown before a failure, so that the picture shows what led to it and, for the most part, what
 * followed.
 */
const EVENTS_BEFORE = 60;
/** Maximum number of messages read to find those around a failure; later ones are not drawn. */
const MOST_MESSAGES = 10_000_000;

/** Draws all messages or as many as fit, in an invalid run those around the failure. */
async function messagesPicture(facts: RunFacts, failure: WholeOperation | undefined): Promise<Picture> {
  const { source, journal, nodes, clients, bands } = facts;
  const data = { nodes, clients, bands, failure };
  if (failure === undefined) return spaceTime({ ...data, journal });
  const from = placeBefore(source.journal, failure.invocation.time + journal.zeroNanos, {
    before: EVENTS_BEFORE,
    most: 1,
  });
  const around = new MessageColumns(source.journal, Math.min(from.message + MOST_EVENTS, MOST_MESSAGES));
  await around.refresh();
  return spaceTime({ ...data, journal: around, from });
}

async function writePngs(plots: Plots, fontFolder: string, files: ReportFiles): Promise<void> {
  // Native code, so it is loaded only on demand; missing on few platforms.
  const png = await files.attempt('PNGs', () => import('./svg/png.ts'));
  if (png === undefined) return;
  for (const [name, picture] of plots) {
    await files.write(`${name}.png`, () => png.pictureToPng(picture, fontFolder));
  }
}
