/**
 * scenario.json: a simulated run as a file. It lists what clients do, which faults occur and what happens to single
 * messages; the settings and the seed determine everything else.
 *
 *     { "version": 1, "maelstrom": "0.1.0", "node": "v20.20.2",
 *       "program": { "path": "../../broadcast.ts", "args": [], "sha256": "..." },
 *       "seed": "1x8", "settings": { "workload": "broadcast", "nodes": ["n1", "n2"], ... },
 *       "ops":      [{ "label": 0, "thread": 0, "at": 0.1, "f": "broadcast", "value": 7 }],
 *       "finalOps": [{ "label": 9, "thread": 1, "at": 0, "f": "read", "value": null, "final": true }],
 *       "faults":   [{ "label": 0, "at": 0.05, "f": "start-partition", "value": [["n1"], ["n2"]] }],
 *       "healing":  [{ "label": 1, "at": 0, "f": "stop-partition", "value": null }],
 *       "chance": "calm",
 *       "messages": [{ "id": 1234, "from": "n1", "to": "n2", "type": "gossip", "nth": 0, "do": "drop" }],
 *       "expect": { "signature": ["lost"] }, "story": ["1. ..."] }
 *
 * `at` is in seconds, `ms` in milliseconds. Labels are causal identities, and stay the same when other entries are
 * removed.
 */
import { resolve } from 'node:path';
import type { FaultOp } from '../nemesis/drivers/replayed-nemesis.ts';
import { placeText, type MessageException } from '../network/rules/message-exceptions.ts';
import { checkShape } from '../protocol/settings/check-shape.ts';
import { jsonSchema } from '../protocol/settings/json-schema.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import {
  ANY,
  explained,
  FLAG,
  listOf,
  number,
  object,
  oneOf,
  TEXT,
} from '../protocol/settings/setting-shape.ts';
import { UserError } from '../protocol/user-error.ts';
import type { Course, ScriptedOp } from '../run/course.ts';
import type { Signature } from '../run/verdict/signature.ts';
import { withFilesAt } from '../run/own-files.ts';
import { SETTINGS, specShape, type TestSpec } from '../run/test-spec.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import { pathFrom } from './path-from.ts';

const SCENARIO_VERSION = 1;

export interface Scenario {
  /** The schema of this file, for editors. */
  readonly $schema?: string;
  readonly version: typeof SCENARIO_VERSION;
  /** Versions of Maelstrom and Node.js that wrote it. */
  readonly maelstrom: string;
  readonly node: string;
  readonly program: ScenarioProgram;
  /** Set for a course in the real world, which need not fail each time; omitted for a simulated one. */
  readonly world?: 'real';
  readonly seed: string;
  /** Everything in the spec that has no field of its own here. */
  readonly settings: ScenarioSettings;
  readonly ops: readonly TimedOp[];
  readonly finalOps: readonly TimedOp[];
  readonly faults?: readonly TimedFault[];
  readonly healing?: readonly TimedFault[];
  readonly chance: Course['chance'];
  readonly messages: readonly MessageException[];
  readonly threads?: readonly string[];
  /** The failure of the run that it was made from. */
  readonly expect?: { readonly signature: Signature };
  /** The run in sentences. */
  readonly story?: readonly string[];
}

export interface ScenarioProgram {
  /** Relative to the folder of the scenario. */
  readonly path: string;
  readonly args: readonly string[];
  /** Hex SHA-256 of the program as bundled for the simulation, with all its imports. */
  readonly sha256: string;
}

type ScenarioSettings = Omit<TestSpec, 'bin' | 'args' | 'seed' | 'world' | 'course'>;

/** `at` is in seconds. */
type TimedOp = Omit<ScriptedOp, 'atNanos' | 'thread'> & { readonly thread: number; readonly at: number };
type TimedFault = Omit<FaultOp, 'atNanos'> & { readonly at: number };

const NATURAL = number({ min: 0, integer: true });
const LABEL = explained(
  'a number of its own, unique in its list; the latencies of what follows depend on it, so it stays when other entries are removed',
  NATURAL,
);
const AT = explained(
  'when at the earliest, from the first moment of the requests or of the final ones',
  number({ min: 0, unit: 'seconds' }),
);
const OP = object<TimedOp>(
  {
    label: LABEL,
    thread: explained('the client that makes it, from 0; `threads` has its node', NATURAL),
    at: AT,
    f: explained('the operation, as in history.jsonl: broadcast, read, ...', TEXT),
    value: explained('the value of its invocation, as in history.jsonl; null if there is none', ANY),
    final: explained('true for a read at the end of the run', FLAG),
  },
  ['label', 'thread', 'at', 'f'],
);
const FAULT = object<TimedFault>(
  {
    label: LABEL,
    at: AT,
    f: explained(
      'what begins or ends, as in history.jsonl: start-partition, stop-partition, kill, ...',
      TEXT,
    ),
    value: explained('where: groups of nodes, links or a list of nodes', ANY),
    after: explained(
      'how many operations of clients end at this very time before it begins; left out if none does',
      NATURAL,
    ),
  },
  ['label', 'at', 'f'],
);
const MESSAGE = object<MessageException & { ms: number }>(
  {
    id: explained(
      'the identity of the message; leave it out in an entry written by hand, which from, to, type and nth identify',
      NATURAL,
    ),
    from: explained('the node that sends it', TEXT),
    to: explained('the node that it is sent to', TEXT),
    type: explained('`type` in its body', TEXT),
    nth: explained('which message of this type from this node to that one; the first is 0', NATURAL),
    do: explained(
      'drop: it is lost; deliver: no fault affects it; delay: it arrives `ms` after it was sent; duplicate: a copy arrives then, too',
      oneOf(['drop', 'deliver', 'delay', 'duplicate'] satisfies MessageException['do'][]),
    ),
    ms: explained(
      'for delay and duplicate: how long after it was sent',
      number({ min: 0, unit: 'milliseconds' }),
    ),
  },
  ['from', 'to', 'type', 'nth', 'do'],
);

const SETTINGS_SHAPE = specShape(['bin', 'args', 'seed', 'world', 'course'], ['workload']);

const SCENARIO_SHAPE = object<Scenario>(
  {
    $schema: explained('this schema, for editors', TEXT),
    version: explained(
      'of this format',
      number({ min: SCENARIO_VERSION, max: SCENARIO_VERSION, integer: true }),
    ),
    maelstrom: explained('the version of Maelstrom that wrote it', TEXT),
    node: explained('the version of Node.js that wrote it', TEXT),
    program: object<ScenarioProgram>(
      {
        path: explained('relative to the folder of the scenario', TEXT),
        args: explained('words passed to the program', SETTINGS.args.shape),
        sha256: explained('of the program with its imports; another one is only noted', TEXT),
      },
      ['path'],
    ),
    world: explained('for a scenario of real processes; otherwise it is simulated', oneOf(['real'])),
    seed: explained('decides what nothing else here does', TEXT),
    settings: explained('the options of the test, as in test.json', SETTINGS_SHAPE),
    ops: explained('requests of clients', listOf(OP)),
    finalOps: explained('requests at the end, after the faults have ended and a quiet period', listOf(OP)),
    faults: explained('beginnings and ends of faults; without it, they are random', listOf(FAULT)),
    healing: explained('what ends the faults before the final requests', listOf(FAULT)),
    chance: explained(
      'calm: constant latencies, and no random loss; seeded: random, from the seed',
      oneOf(['seeded', 'calm'] satisfies Course['chance'][]),
    ),
    messages: explained('single messages between nodes that are lost, late or doubled', listOf(MESSAGE)),
    threads: explained('the node of each client', listOf(TEXT)),
    expect: explained(
      'what was wrong with the run that it was made from',
      object<{ signature: Signature }>({ signature: listOf(TEXT) }),
    ),
    story: explained('what happened, in sentences, for people', listOf(TEXT)),
  },
  ['version', 'program', 'seed', 'settings', 'ops'],
);

export const scenarioSchema = (): JsonObject => jsonSchema(SCENARIO_SHAPE, 'Maelstrom scenario');

/** Parses a scenario. Throws a UserError that names the field, its value and what is expected. */
export function readScenario(text: string, source: string): Scenario {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${source} is not JSON: ${(error as Error).message}.`, HOW_TO_MAKE);
  }
  const version: unknown = Object(read).version;
  if (typeof version === 'number' && version > SCENARIO_VERSION) {
    throw new UserError(
      `${source} was written by a later Maelstrom (format ${version}; this one reads up to ${SCENARIO_VERSION}).`,
      `Update Maelstrom, or create the scenario again.`,
    );
  }
  checkShape(read, SCENARIO_SHAPE, { source, field: 'field', ifMissing: HOW_TO_MAKE });
  // checkShape has checked the fields.
  const scenario = {
    finalOps: [],
    chance: 'seeded',
    messages: [],
    ...(read as object),
  } as unknown as Scenario;
  for (const [at, message] of scenario.messages.entries())
    if ((message.do === 'delay' || message.do === 'duplicate') && !Object.hasOwn(message, 'ms'))
      throw new UserError(
        `${source}: messages[${at}], for "do": "${message.do}", has no \`ms\`.`,
        HOW_TO_MAKE,
      );
  refuseSharedIds(scenario.messages, source);
  return scenario;
}

/** An entry copied with its id would mean the same message again, whatever its place says. */
function refuseSharedIds(messages: readonly MessageException[], source: string): void {
  const places = new Map<number, string>();
  for (const [at, message] of messages.entries()) {
    if (message.id === undefined) continue;
    const place = placeText(message);
    if ((places.get(message.id) ?? place) !== place)
      throw new UserError(
        `${source}: messages[${at}] has the id of an earlier entry, but another place.`,
        'An id identifies one message. Leave it out of an entry written by hand: `from`, `to`, `type` and `nth` identify its message.',
      );
    places.set(message.id, place);
  }
}

const HOW_TO_MAKE = 'Create a scenario from a simulated run: maelstrom scenario store/latest';

/** What a scenario holds besides the spec. */
export interface ScenarioFacts extends Pick<Scenario, 'maelstrom' | 'program'> {
  /** The folder of the scenario; its paths are relative to it. */
  readonly folder: string;
  readonly signature: Signature;
  readonly story?: readonly string[];
}

/** Returns the scenario of a spec, which must have a course. */
export function scenarioOf(spec: TestSpec, facts: ScenarioFacts): Scenario {
  const { course, bin: _bin, args: _args, seed, world, ...settings } = spec;
  if (course === undefined) throw new Error('a scenario is made of a spec with a course');
  const { ops, finalOps, faults, healing, chance, messages, threads } = course;
  const { maelstrom, program, signature, story, folder } = facts;
  return {
    version: SCENARIO_VERSION,
    maelstrom,
    node: process.version,
    program,
    ...(world === 'real' ? { world } : {}),
    seed,
    settings: withFilesAt(settings, (path) => pathFrom(folder, path)),
    ops: ops.map(timedOp),
    finalOps: finalOps.map(timedOp),
    ...(faults === undefined ? {} : { faults: faults.map(timed) }),
    ...(healing === undefined ? {} : { healing: healing.map(timed) }),
    chance,
    messages,
    ...(threads === undefined ? {} : { threads }),
    ...(signature.length === 0 ? {} : { expect: { signature } }),
    ...(story === undefined ? {} : { story }),
  };
}

/** Formats a scenario with one operation, fault or message per line. */
export function scenarioText(scenario: Scenario): string {
  const fields = Object.entries(scenario).map(([name, value]: [string, Json]) => {
    const lines = Array.isArray(value) && value.length > 0;
    const text = lines
      ? `[\n    ${value.map((entry) => JSON.stringify(entry)).join(',\n    ')}\n  ]`
      : JSON.stringify(value);
    return `  ${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}

/** Returns the spec of the scenario's run, for the program at `bin`. `folder` is the folder of the scenario. */
export function specOfScenario(
  scenario: Scenario,
  { bin, folder }: { readonly bin: string; readonly folder: string },
): Partial<TestSpec> & Pick<TestSpec, 'workload' | 'bin'> {
  const { settings, program, seed, ops, finalOps, faults, healing, chance, messages, threads } = scenario;
  return {
    ...withFilesAt(settings, (path) => resolve(folder, path)),
    bin,
    args: program.args ?? [],
    seed,
    world: scenario.world ?? 'simulated',
    course: {
      ops: inOrder(ops.map(untimed)),
      finalOps: inOrder(finalOps.map(untimed)),
      ...(faults === undefined ? {} : { faults: inOrder(faults.map(untimed)) }),
      ...(healing === undefined ? {} : { healing: healing.map(untimed) }),
      chance,
      messages,
      ...(threads === undefined ? {} : { threads }),
    },
  };
}

/** Sorts operations by time, since the file may have been edited by hand. */
const inOrder = <Op extends { readonly atNanos: number; readonly label: number }>(
  ops: readonly Op[],
): readonly Op[] => ops.toSorted((a, b) => a.atNanos - b.atNanos || a.label - b.label);

function timedOp(op: ScriptedOp): TimedOp {
  const { thread } = op;
  if (thread === 'nemesis') throw new Error('what the nemesis does is a fault');
  return { ...timed(op), thread };
}

/** Converting nanoseconds to seconds and back gives the same number: doubles have more than enough digits. */
function timed<Op extends { readonly atNanos: number }>({ atNanos, ...op }: Op) {
  return { ...op, at: atNanos / NANOS_PER_SECOND };
}

function untimed<Op extends { readonly at: number; readonly value?: Json }>({ at, ...op }: Op) {
  return { ...op, value: op.value ?? null, atNanos: Math.round(at * NANOS_PER_SECOND) };
}
