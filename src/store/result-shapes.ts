/**
 * The types that results have in EDN, all in one place: by checker what each key holds, as upstream has it, and beside it what
 * is ours. A new key of a result is declared here; `test/conformance/result-types.test.ts` finds those that are not.
 */
import { boundedResult } from '../checkers/bounded-result.ts';
import type { CheckResult, ResultValue } from '../checkers/checker.ts';
import { Keyword, type Edn } from '../edn/edn-value.ts';
import {
  byNumber,
  byText,
  byValue,
  ELLIPSIS,
  fields,
  flag,
  float,
  integer,
  intervalText,
  keyword,
  list,
  loose,
  microOperation,
  operation,
  orNull,
  set,
  text,
  tuple,
  userValue,
  vector,
  wordOr,
  type Fields,
  type Notes,
  type Shape,
} from './shaped-edn.ts';

const validity = wordOr('unknown', Keyword.of('unknown'), flag);

/** What every result may have: the verdict, and why there is none. */
const result = (declared: Fields, others?: Shape): Shape =>
  fields({ 'valid?': validity, error, warnings: vector(text), ...declared }, others);

const error: Shape = (value, notes) => (typeof value === 'string' ? value : incomplete(value, notes));
/** Why a check is not complete, with what is known beside it. */
const incomplete = fields({ type: keyword, message: text, 'op-index': integer }, loose);

const counts: Fields = {
  'valid?': validity,
  count: integer,
  'ok-count': integer,
  'fail-count': integer,
  'info-count': integer,
};

const stats = result({ ...counts, 'by-f': fields({}, fields(counts)) });
const availability = result({ 'ok-fraction': float });

const messageCounts = fields({
  'send-count': integer,
  'recv-count': integer,
  'msg-count': integer,
  'msgs-per-op': float,
});
const net = result({ all: messageCounts, clients: messageCounts, servers: messageCounts });

const violation = fields({
  node: text,
  kind: keyword,
  count: integer,
  message: text,
  sample: text,
  line: integer,
  log: text,
});
const protocol = result({ violations: vector(violation), warnings: vector(violation) });

const nodes = result({
  problems: vector(
    fields({
      node: text,
      kind: keyword,
      message: text,
      time: integer,
      code: orNull(integer),
      signal: orNull(text),
      cause: vector(text),
      'last-stderr': vector(text),
      'by-watchdog?': flag,
      name: text,
      count: integer,
      details: userValue,
    }),
  ),
  'last-service': byText(text),
  unread: vector(fields({ node: text, messages: integer, bytes: integer, since: integer })),
});

const errors = result({
  errors: vector(
    fields({
      f: keyword,
      error: wordOrCode,
      text,
      count: integer,
      nodes: byText(integer),
      index: integer,
      node: text,
      log: text,
    }),
  ),
  answers: vector(fields({ f: keyword, error: keyword, count: integer })),
  'little-success': vector(fields({ of: keyword, name: text, count: integer, succeeded: integer })),
  silent: vector(fields({ node: text, timeouts: integer, since: orNull(integer) })),
});

const assertions = result({
  assertions: vector(fields({ kind: keyword, name: text, count: integer })),
});

const liveness = result({
  majority: vector(text),
  others: byText(text),
  within: float,
  time: integer,
  'first-success': orNull(integer),
  'by-f': fields({}, fields({ tried: integer, succeeded: integer })),
  stuck: vector(keyword),
});

const invariants = result({
  failures: vector(
    fields({
      invariant: text,
      message: text,
      node: text,
      turn: integer,
      time: integer,
      states: byText(userValue),
    }),
  ),
  checks: integer,
  problems: vector(text),
});

/** The name of an error as a keyword; the code of one that has no name stays a text. */
function wordOrCode(value: ResultValue, notes: Notes): Edn {
  return typeof value === 'string' && /^[a-z]/.test(value) ? keyword(value, notes) : text(value, notes);
}

const interrupted = result({ by: text, phase: text, time: integer });

// Elle

const step = fields({
  type: keyword,
  key: userValue,
  value: version,
  "value'": version,
  'a-mop-index': integer,
  'b-mop-index': integer,
  process: integer,
  "a'": operation,
  b: operation,
});

/** The state before the first append has a name; a version is else a value. */
function version(value: ResultValue, notes: Notes): Edn {
  return wordOr('elle.list-append/init', Keyword.of('elle.list-append/init'), userValue)(value, notes);
}

/** `[... 4 5]` where only the end of a list is known. */
const expectedList: Shape = (value, notes) =>
  Array.isArray(value) && (value as readonly ResultValue[])[0] === '...'
    ? [ELLIPSIS, ...(value as readonly ResultValue[]).slice(1).map((item) => userValue(item, notes))]
    : userValue(value, notes);

/** Members of a component: operations, or their indexes. */
const member: Shape = (value, notes) =>
  typeof value === 'number' ? integer(value, notes) : operation(value, notes);

const cycle: Fields = {
  type: keyword,
  not: keyword,
  subgraph: text,
  'scc-size': integer,
  scc: vector(member),
  cycle: vector(operation),
  steps: list(step),
};

/** What the records of all anomalies that are no cycles may hold. */
const anomaly = fields({
  ...cycle,
  op: operation,
  mop: microOperation,
  writer: operation,
  element: userValue,
  expected: expectedList,
  duplicates: byValue(integer),
  key: userValue,
  value: userValue,
  values: vector(userValue),
  txns: vector(wordOr('...', ELLIPSIS, operation)),
});

const cyclicVersions = fields({ key: userValue, scc: set(userValue), sources: vector(keyword) });

/** By the type of anomaly its records; `true` for what is said of the whole graph. */
const anomalies: Shape = (value, notes) =>
  fields({ 'cyclic-versions': vector(cyclicVersions) }, (records, found) =>
    records === true ? true : vector(anomaly)(records, found),
  )(value, notes);

const elle = result({
  'anomaly-types': list(keyword),
  anomalies,
  not: set(keyword),
  'also-not': set(keyword),
  'anomaly-counts': fields({}, integer),
  'unordered-keys': fields({
    count: integer,
    of: integer,
    keys: vector(userValue),
    sources: vector(keyword),
  }),
  'initial-value': userValue,
});

// Linearizability

const linearizable = result({
  analyzer: keyword,
  op: operation,
  'previous-ok': orNull(operation),
  configs: list(fields({ model: userValue, pending: vector(operation) })),
  'final-paths': set(vector(fields({ op: orNull(operation), model: modelOrReason }))),
});

/** A state of the model, or why the operation is impossible in it. */
function modelOrReason(value: ResultValue, notes: Notes): Edn {
  const isReason = typeof value === 'object' && value !== null && Object.keys(value).join(' ') === 'msg';
  return isReason ? fields({ msg: text })(value, notes) : userValue(value, notes);
}

/** By key, what `each` says of it. */
const independent = (each: Shape): Shape =>
  result({
    results: byValue(each),
    failures: vector(userValue),
    'missing-keys': fields({ count: integer, op: operation, written: operation }),
  });

/** One that judges keys apart has a result for each. */
const casRegister: Shape = (value, notes) =>
  (typeof value === 'object' && value !== null && 'results' in value
    ? independent(linearizable)
    : linearizable)(value, notes);

const linKv = independent(result({ linearizable, timeline: result({}) }));

// Sets

const evidence = fields({
  element: userValue,
  outcome: keyword,
  'stable-latency': orNull(integer),
  'lost-latency': orNull(integer),
  known: orNull(operation),
  'last-present': orNull(operation),
  'last-absent': orNull(operation),
});

const setFull = result({
  'attempt-count': integer,
  'stable-count': integer,
  'lost-count': integer,
  lost: list(userValue),
  'never-read-count': integer,
  'never-read': list(userValue),
  'stale-count': integer,
  stale: list(userValue),
  'worst-stale': vector(evidence),
  'worst-lost': vector(evidence),
  'stable-latencies': byNumber(integer),
  'lost-latencies': byNumber(integer),
  'duplicated-count': integer,
  duplicated: byValue(integer),
  'phantom-count': integer,
  phantoms: list(userValue),
  'first-phantom': fields({ element: userValue, read: operation }),
  'repeated-count': integer,
  repeated: byValue(integer),
});

/** Of the last read alone, Jepsen's `set`. */
const lastReadSet = result({
  'attempt-count': integer,
  'acknowledged-count': integer,
  'ok-count': integer,
  'lost-count': integer,
  'recovered-count': integer,
  'unexpected-count': integer,
  ok: intervalText,
  lost: intervalText,
  unexpected: intervalText,
  recovered: intervalText,
  'last-read': operation,
});

// Kafka

const kafkaRecord = fields({
  ...cycle,
  key: userValue,
  value: userValue,
  values: vector(userValue),
  skipped: vector(userValue),
  offset: integer,
  offsets: vector(integer),
  index: integer,
  count: integer,
  delta: integer,
  op: operation,
  ops: vector(operation),
  writer: orNull(operation),
  reader: operation,
  'max-read-index': integer,
  'max-read': orNull(operation),
});

const kafkaErrors: Shape = (value, notes) =>
  fields({
    count: integer,
    errs: (records, found) => (records === true ? true : vector(kafkaRecord)(records, found)),
  })(value, notes);

const kafka = result(
  {
    'worst-realtime-lag': fields({ time: float, lag: float, process: orNull(integer), key: userValue }),
    'bad-error-types': list(keyword),
    'error-types': list(keyword),
    'info-txn-causes': list((value, notes) =>
      typeof value === 'string' ? keyword(value, notes) : userValue(value, notes),
    ),
    unseen: fields({
      time: integer,
      unseen: byValue(integer),
      messages: byValue(vector(userValue)),
    }),
  },
  // Each type of error is a key.
  kafkaErrors,
);

// The rest

const counter = result({
  errors: orNull(list(operation)),
  'final-reads': list(userValue),
  acceptable: list(tuple(integer, integer)),
  note: text,
});

const bounded = list(tuple(integer, userValue, integer));

const echo = result({ errors: list(tuple(text, userValue, text, userValue)) });

const uniqueIds = result({
  'attempted-count': integer,
  'acknowledged-count': integer,
  'duplicated-count': integer,
  duplicated: byValue(integer),
  range: tuple(userValue, userValue),
});

/** By the name of the workload, or of the model. */
const CHECKERS: ReadonlyMap<string, Shape> = new Map([
  ['echo', echo],
  ['unique-ids', uniqueIds],
  ['broadcast', setFull],
  ['g-set', setFull],
  ['set-full', setFull],
  ['set', lastReadSet],
  ['g-counter', counter],
  ['pn-counter', counter],
  ['counter', result({ reads: bounded, errors: bounded })],
  ['kafka', kafka],
  ['lin-kv', linKv],
  ['txn-list-append', elle],
  ['list-append', elle],
  ['txn-rw-register', elle],
  ['rw-register', elle],
  ['cas-register', casRegister],
  ['stats', stats],
  ...['mutex', 'register', 'fifo-queue', 'unordered-queue', 'linearizable-set'].map(
    (name) => [name, casRegister] as const,
  ),
]);

/** The result of a whole run. */
const run = (workload: Shape): Shape =>
  result({
    perf: result({}),
    timeline: result({}),
    exceptions: result({}),
    stats,
    availability,
    net,
    protocol,
    nodes,
    errors,
    assertions,
    invariants,
    liveness,
    interrupted,
    workload,
  });

/**
 * A result as EDN: of a run of that workload (it has a part `workload`), or of a checker of that name. Where nothing is known
 * of the checker, keys are keywords and values stay as they are. `odd` takes what has not the shape declared here.
 */
export function resultsToEdn(results: CheckResult, checker = '', odd: string[] = []): Edn {
  const shape = CHECKERS.get(checker) ?? loose;
  return ('workload' in results ? run(shape) : shape)(boundedResult(results), { path: [], odd });
}

/** The result of one of the keys that a workload judges apart, or of the whole where it has none. */
export function keyResultToEdn(results: CheckResult): Edn {
  return ('linearizable' in results ? result({ linearizable, timeline: result({}) }) : linearizable)(
    results,
    {
      path: [],
      odd: [],
    },
  );
}
