/**
 * For tests: runs a program, given as text, on simulated nodes for some virtual time, and returns everything that
 * happened.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NANOS_PER_MS } from '../../src/world/clock.ts';
import { keepCompiler } from '../../src/world/bundling/run-esbuild.ts';
import type { NodeExit, NodeHandle } from '../../src/world/world.ts';
import type { Memory } from '../../src/world/simulated/process/memory-guard.ts';
import type { TurnRecord } from '../../src/world/simulated/turn/turn-record.ts';
import type { Programs } from '../../src/world/simulated/program/programs.ts';
import { SimulatedWorld } from '../../src/world/simulated/simulated-world.ts';

keepCompiler();

export interface SourceRun {
  /** Its text, or the bytes of a WebAssembly module. */
  readonly source: string | Uint8Array;
  /** Other files beside it, indexed by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** The program's file name; `program.ts` by default. */
  readonly file?: string;
  /** True if the program is its whole folder. */
  readonly isFolder?: boolean;
  readonly seed?: number;
  readonly nodes?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Duration in virtual time; one second by default. */
  readonly untilMs?: number;
  readonly yieldLimitMs?: number;
  readonly memory?: Memory;
  readonly programs?: Programs;
  readonly turns?: TurnRecord;
  /** Further events, indexed by time in ms. */
  readonly script?: Readonly<
    Record<
      number,
      (
        nodes: ReadonlyMap<string, NodeHandle>,
        world: SimulatedWorld,
        /** Starts that node again. */
        start: (name: string) => NodeHandle,
      ) => void
    >
  >;
  /** Bodies delivered to the first node at the beginning, one after another. */
  readonly bodies?: readonly object[];
  readonly logFile?: string;
}

export interface SourceRunResult {
  readonly lines: readonly string[];
  /** The lines with node and virtual time in ns. */
  readonly transcript: readonly string[];
  readonly stderr: readonly string[];
  readonly exits: readonly NodeExit[];
  readonly problems: readonly string[];
}

export async function runSource(run: SourceRun): Promise<SourceRunResult> {
  const folder = mkdtempSync(join(tmpdir(), 'maelstrom-source-'));
  const { yieldLimitMs, memory, turns, programs } = run;
  const world = new SimulatedWorld({
    seed: run.seed ?? 1,
    ...(yieldLimitMs === undefined ? {} : { yieldLimitMs }),
    ...(memory === undefined ? {} : { memory }),
    ...(turns === undefined ? {} : { turns }),
    ...(programs === undefined ? {} : { programs }),
  });
  const lines: string[] = [];
  const transcript: string[] = [];
  const stderr: string[] = [];
  const exits: NodeExit[] = [];
  const problems: string[] = [];
  try {
    const file = join(folder, run.file ?? 'program.ts');
    const bin = run.isFolder === true ? dirname(file) : file;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, run.source);
    for (const [path, text] of Object.entries(run.files ?? {})) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    await world.run(async () => {
      const nodes = new Map<string, NodeHandle>();
      const start = (name: string): NodeHandle => {
        const { args = [], env = {}, logFile } = run;
        const spec = { name, bin, args, env, ...(logFile === undefined ? {} : { logFile }) };
        const node = world.startNode(spec, {
          line: (bytes, from, end) => {
            const line = bytes.toString('utf8', from, end);
            lines.push(line);
            transcript.push(`${world.clock.nowNanos()} ${name} ${line}`);
          },
          brokenLine: (problem) => problems.push(`${problem.kind}: ${problem.beginning.slice(0, 40)}`),
          stderr: (line) => stderr.push(line),
          stdoutClosed: () => problems.push('stdout closed'),
          stdinClosed: () => problems.push('stdin closed'),
          exit: (exit) => {
            exits.push(exit);
            transcript.push(`${world.clock.nowNanos()} ${name} exit ${exit.code ?? exit.signal}`);
          },
        });
        nodes.set(name, node);
        return node;
      };
      for (const name of run.nodes ?? ['n1']) start(name);
      for (const [ms, happens] of Object.entries(run.script ?? {})) {
        world.clock.schedule(Number(ms) * NANOS_PER_MS, () => happens(nodes, world, start));
      }
      const first = [...nodes.values()][0];
      for (const [id, body] of (run.bodies ?? []).entries()) first?.deliver(packet(id, body, first.name));
      const over = world.deferred<void>();
      world.clock.schedule((run.untilMs ?? 1000) * NANOS_PER_MS, () => over.resolve());
      await over.promise;
    });
  } finally {
    await world.close();
    rmSync(folder, { recursive: true });
  }
  return { lines, transcript, stderr, exits, problems };
}

export function packet(id: number, body: object, dest = 'n1'): Parameters<NodeHandle['deliver']>[0] {
  return { id, src: 'c1', dest, body: Buffer.from(JSON.stringify(body)) };
}
