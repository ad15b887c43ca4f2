/**
 * Runs a `maelstrom test` command, given as it would be typed, in virtual time within this process, and says what came of
 * it. Nothing is stored.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTestSpec } from '../../src/cli/test-command/read-test-spec.ts';
import { TEST_COMMAND } from '../../src/cli/test-command/test-command.ts';
import { parseWords } from '../../src/cli/words/read-words.ts';
import type { Op } from '../../src/history/op.ts';
import type { TestResults } from '../../src/run/verdict/analysis.ts';
import { TestRun } from '../../src/run/test-run.ts';
import type { TestSpec } from '../../src/run/test-spec.ts';
import { WORKLOADS } from '../../src/workloads/index.ts';
import { bundleNode } from '../../src/world/bundling/bundle.ts';
import { SimulatedWorld } from '../../src/world/simulated/simulated-world.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SILENT_JOURNAL = {
  sent: () => {},
  received: () => {},
  dropped: () => {},
  duplicated: () => {},
  flush: () => {},
  close: () => {},
};

export interface Outcome {
  readonly results: TestResults;
  /** How many operations of clients were acknowledged. */
  readonly oks: number;
  /** How many operations the nemesis carried out. */
  readonly faults: number;
}

/** Keeps the compiled programs; to be closed in the end. */
export class CommandRunner {
  private readonly folder = mkdtempSync(join(tmpdir(), 'maelstrom-proof-'));
  private readonly programs = new Map<string, Promise<string>>();

  /** `words` is what stands behind `./maelstrom test` and paths are relative to the root of the project. */
  async run(words: string, seed: string): Promise<Outcome> {
    const parsed = parseWords(TEST_COMMAND, [...words.split(/\s+/), '--simulate', '--seed', seed], 80);
    if (parsed.kind === 'help') throw new Error(`${words} asks for help`);
    const spec = readTestSpec(parsed.words, {
      resolveBin: (path) => join(ROOT, path),
      freshSeed: () => seed,
    });
    return await this.runSpec({ ...spec, bin: await this.compiled(spec.bin) });
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }

  private async runSpec(spec: TestSpec): Promise<Outcome> {
    const workload = WORKLOADS.get(spec.workload);
    if (workload === undefined) throw new Error(`there is no workload ${spec.workload}`);
    let oks = 0;
    let faults = 0;
    const append = (op: Op): void => {
      if (op.process === 'nemesis') faults++;
      else if (op.type === 'ok') oks++;
    };
    const world = new SimulatedWorld({ seed: spec.seed });
    const outputs = {
      history: { append },
      journal: SILENT_JOURNAL,
      log: () => {},
      nodeLogFile: () => undefined,
    };
    try {
      const test = new TestRun(spec, workload, world, outputs);
      const results = await test.run();
      return { results, oks, faults };
    } finally {
      await world.close();
    }
  }

  private compiled(bin: string): Promise<string> {
    const known = this.programs.get(bin);
    if (known !== undefined) return known;
    const folder = mkdtempSync(join(this.folder, 'program-'));
    const program = bundleNode(bin, 'simulated', folder).then((bundle) => bundle.bin);
    this.programs.set(bin, program);
    return program;
  }
}
