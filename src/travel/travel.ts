/**
 * A stored simulated run that is stepped through, with its branches, as held by the process of `travel-worker.ts`.
 * Implements the requests of `recording/travel-view.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import type { JournalReader } from '../network/journal/journal.ts';
import { verdictOfResults } from '../recording/run-card.ts';
import type {
  Branch,
  BranchRequest,
  EventList,
  EventsRequest,
  Line as LineView,
  LineId,
  Position,
  SeekRequest,
  TravelState,
} from '../recording/travel-view.ts';
import { shownText } from '../protocol/shown-text.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { verdictSentence } from '../run/words/verdict-sentence.ts';
import { VERSION } from '../harness/version.ts';
import { describeProgram } from '../scenario/program-file.ts';
import { scenarioOf, scenarioText } from '../scenario/scenario.ts';
import { openRun, type StoredRun } from '../store/open-run.ts';
import { readZero } from '../store/run-zero.ts';
import { makeStory } from '../story/make-story.ts';
import { storyRunOf } from '../story/story-run.ts';
import { storySentences } from '../story/text/story-text.ts';
import type { Workload } from '../workloads/workload.ts';
import { bundleNode } from '../world/bundling/bundle.ts';
import { branchSpec, type CoursedSpec } from './branches/branch-spec.ts';
import { checkSpec, findWorkload } from './check-spec.ts';
import { firstDifference } from './events/first-difference.ts';
import { firstRun, type FirstRun } from './events/first-run.ts';
import { Line } from './line/line.ts';
import { RecordedCheck } from './events/recorded-check.ts';
import { Refusal } from './refusal.ts';
import { eventOf, wholeNumber } from './line/seek.ts';

/** Maximum number of branches; the oldest is dropped when there are more. */
const MOST_BRANCHES = 4;
const MOST_ROWS = 500;
/** Maximum number of messages of a run with a story, which needs all of them in memory. */
const MOST_STORY_MESSAGES = 500_000;

/** A branch with what is needed to repeat it. */
interface HeldBranch {
  readonly line: Line;
  readonly view: Branch;
  /** Its program is at its original path. */
  readonly spec: CoursedSpec;
}

/** A branch as it is saved in the store. */
export interface BranchScenario {
  readonly spec: TestSpec;
  /** Content of scenario.json, for its folder. */
  readonly text: string;
}

export class Travel {
  private state: TravelState = { kind: 'preparing', messages: 0, ofMessages: 0 };
  private recorded: Line | undefined;
  private readonly branches = new Map<LineId, HeldBranch>();
  private branchCount = 0;
  private readonly temp = mkdtempSync(join(tmpdir(), 'maelstrom-travel-'));
  private bundle = '';
  private found: Workload | undefined;

  /** `spec` is the recorded spec, with the program at its original path. */
  private constructor(
    private readonly stored: StoredRun,
    private readonly spec: TestSpec,
  ) {}

  /** Opens a stored run. Throws a Refusal if it cannot be stepped through. It is ready once `prepare` has resolved. */
  static open(folder: string): Travel {
    const stored = openRun(folder);
    return new Travel(stored, checkSpec(stored.test.spec));
  }

  private get workload(): Workload {
    if (this.found === undefined) throw new Error('it has not been prepared');
    return this.found;
  }

  /** Repeats the run for the first time, and compares it with the recording. */
  async prepare(): Promise<void> {
    const { spec, stored } = this;
    const workload = await findWorkload(spec);
    this.found = workload;
    const { bin } = await bundleNode(spec.bin, 'simulated', this.temp);
    this.bundle = bin;
    const remarks: string[] = [];
    const journal = openJournal(stored, remarks);
    const check = journal === undefined ? undefined : recordedCheck(stored, journal, remarks);
    try {
      const ofMessages = journal?.messageCount ?? 0;
      const made = await firstRun({
        spec: { ...spec, bin },
        workload,
        onEvent: (event, raw, run, index) => {
          check?.event(event, raw, run, index);
          if (event % 1000 === 0)
            this.state = { kind: 'preparing', messages: index.messageCount, ofMessages };
        },
      });
      check?.end(made.index.count);
      this.recorded = this.lineOf('recorded', { ...spec, bin }, made);
      const line = lineView('recorded', this.recorded);
      remarks.push(...this.remarksOn(line, made, check));
      this.state = {
        kind: 'ready',
        line,
        program: spec.bin,
        remarks,
        ...(check?.difference === undefined ? {} : { differs: check.difference }),
        branches: [],
      };
    } finally {
      journal?.close();
    }
  }

  opened(): TravelState {
    const { state } = this;
    return state.kind === 'ready'
      ? { ...state, branches: [...this.branches.values()].map(({ view }) => view) }
      : state;
  }

  seek({ line: id, to }: SeekRequest): Promise<Position> {
    const line = this.line(id);
    if (typeof to !== 'object' || to === null)
      throw new Refusal(400, 'There is no `to`; expected a target such as { "kind": "event", "event": 0 }.');
    return line.position(eventOf(line.parts.index, to));
  }

  events({ line: id, from, count, node }: EventsRequest): EventList {
    const { index } = this.line(id).parts;
    const most = Math.min(MOST_ROWS, Math.max(1, wholeNumber(count, 'count')));
    const rows = [];
    let event = Math.max(0, wholeNumber(from, 'from'));
    for (; event < index.count && rows.length < most; event++)
      if (node === undefined || index.concerns(event, node)) rows.push(index.row(event));
    return event < index.count ? { rows, next: event } : { rows };
  }

  async branch({ line: of = 'recorded', at, change }: BranchRequest): Promise<Branch> {
    const original = this.line(of);
    const { index } = original.parts;
    if (wholeNumber(at, 'at') < 0 || at >= index.count)
      throw new Refusal(400, `There is no event ${at} in this run: it has ${index.count}, from 0 on.`);
    if (typeof change !== 'object' || change === null || !KINDS.includes(change.kind))
      throw new Refusal(400, `There is no such change; there are: ${KINDS.join(', ')}.`);
    // The same change gives the same branch, which may still be held.
    const same = [...this.branches.values()].find(
      ({ view }) => view.of === of && view.at === at && isDeepStrictEqual(view.change, change),
    );
    if (same !== undefined) return same.view;
    const before = this.branches.get(of)?.spec ?? this.spec;
    const spec = branchSpec(before, index, at, change);
    const id: LineId = `branch-${++this.branchCount}`;
    const journal = new MemoryJournal();
    const made = await firstRun({
      spec: { ...spec, bin: this.bundle },
      workload: this.workload,
      journal: index.messageCount > MOST_STORY_MESSAGES ? undefined : journal,
    });
    const line = this.lineOf(id, { ...spec, bin: this.bundle }, made);
    const difference = firstDifference(index, made.index);
    const view: Branch = {
      line: lineView(id, line),
      of,
      at,
      change,
      sentence: verdictSentence(spec, made.run.results, { workload: this.workload, ...made.run.names }),
      story: this.storyOf(spec, made, journal),
      ...(difference === undefined ? {} : { difference }),
    };
    this.branches.set(id, { line, view, spec });
    this.dropOldest();
    return view;
  }

  /** Returns the branch as a scenario for this folder. */
  scenario(id: LineId, folder: string): BranchScenario {
    const held = this.branches.get(id);
    if (held === undefined) throw notHeld(id);
    const { spec, view } = held;
    const { bin, args } = this.spec;
    const program = describeProgram(bin, args, { bundle: this.bundle, folder });
    const { signature } = view.line;
    const scenario = scenarioOf(spec, { maelstrom: VERSION, program, signature, story: view.story, folder });
    return { spec, text: scenarioText(scenario) };
  }

  close(): void {
    this.recorded?.close();
    for (const { line } of this.branches.values()) line.close();
    rmSync(this.temp, { recursive: true, force: true });
  }

  private line(id: LineId = 'recorded'): Line {
    if (this.recorded === undefined) throw new Refusal(409, 'The run is still being made ready: ask again.');
    const line = id === 'recorded' ? this.recorded : this.branches.get(id)?.line;
    if (line === undefined) throw notHeld(id);
    return line;
  }

  private lineOf(id: LineId, spec: TestSpec, { index, run }: FirstRun): Line {
    return new Line({ id, spec, workload: this.workload, index, run });
  }

  private dropOldest(): void {
    for (const [id, { line }] of this.branches) {
      if (this.branches.size <= MOST_BRANCHES) return;
      line.close();
      this.branches.delete(id);
    }
  }

  private storyOf(spec: TestSpec, { run }: FirstRun, journal: MemoryJournal): readonly string[] {
    if (run.signature.length === 0 || journal.messageCount === 0) return [];
    const story = makeStory(storyRunOf({ spec, workload: this.workload, run, journal }));
    return story === undefined ? [] : storySentences(story);
  }

  private remarksOn(
    line: LineView,
    { index }: FirstRun,
    check: RecordedCheck | undefined,
  ): readonly string[] {
    const { difference, problem } = check ?? {};
    const said: string[] = [];
    if (problem !== undefined) said.push(notCompared(problem));
    if (difference !== undefined)
      said.push(
        `What is shown is the run as the program makes it now. It is the recorded run up to event ${difference.event - 1} of ${index.count}, and another from there on: ` +
          'the program, what it imports, or Maelstrom has been changed since, or its real time decided something.',
      );
    const recorded = this.stored.results();
    const verdict = recorded === undefined ? undefined : verdictOfResults(recorded['valid?']);
    if (verdict !== undefined && verdict !== line.verdict)
      said.push(`It was judged ${verdict} when it was recorded, and is ${line.verdict} now.`);
    return said;
  }
}

const KINDS: readonly BranchRequest['change']['kind'][] = ['drop', 'delay', 'duplicate', 'crash'];

const notHeld = (id: unknown): Refusal =>
  new Refusal(
    404,
    `There is no line ${JSON.stringify(id)} of this run, or it is not held any more: the last ${MOST_BRANCHES} branches are.`,
    'Make the branch again, or save it as a run.',
  );

function lineView(id: LineId, { parts }: Line): LineView {
  const { index, run } = parts;
  const last = index.count - 1;
  return {
    id,
    events: index.count,
    messages: index.messageCount,
    startNanos: last < 0 ? 0 : index.nanosAt(0),
    endNanos: last < 0 ? 0 : index.nanosAt(last),
    nodes: index.nodes(),
    verdict: verdictOfResults(run.results['valid?']),
    signature: run.signature,
  };
}

/** Opens the recorded journal; if it cannot be read, adds a remark and returns undefined. */
function openJournal(stored: StoredRun, remarks: string[]): JournalReader | undefined {
  try {
    return stored.journal();
  } catch (error) {
    remarks.push(notCompared((error as Error).message));
    return undefined;
  }
}

function recordedCheck(
  stored: StoredRun,
  journal: JournalReader,
  remarks: string[],
): RecordedCheck | undefined {
  try {
    return new RecordedCheck({ journal, zeroNanos: readZero(stored.path), history: stored.history().ops });
  } catch (error) {
    remarks.push(notCompared((error as Error).message));
    return undefined;
  }
}

const notCompared = (why: string): string =>
  `Whether this is the recorded run is not known, since what was recorded cannot be read: ${shownText(why, 500)}`;
