/**
 * The EDN types of results, all in one place: for each checker the type of each key, as upstream has it, and our own
 * additions. A new key of a result is declared here; `test/conformance/result-types.test.ts` finds missing ones.
 */
import { AVAILABILITY_MEANINGS } from '../../checkers/outcomes/availability.ts';
import { BANK_KIND_MEANINGS, BANK_MEANINGS, BANK_PROBLEM_MEANINGS } from '../../checkers/isolation/bank.ts';
import { COMMENTS_ERROR_MEANINGS, COMMENTS_MEANINGS } from '../../checkers/isolation/comments.ts';
import { COUNTER_MEANINGS } from '../../checkers/counters/counter.ts';
import { ECHO_MEANINGS } from '../../checkers/replies/echo.ts';
import {
  CASE_MEANINGS,
  CHOICE_MEANINGS,
  CYCLE_MEANINGS,
  NO_ORDER_MEANINGS,
  PLAIN_MEANINGS,
  STEP_MEANINGS,
} from '../../checkers/elle/anomaly-records.ts';
import { DECIDED_MEANINGS } from '../../checkers/elle/levels/decided.ts';
import { TRANSACTIONS_MEANINGS } from '../../checkers/elle/result.ts';
import { UNORDERED_KEYS_MEANINGS } from '../../checkers/elle/rw-register/unordered-keys.ts';
import { RW_REGISTER_MEANINGS } from '../../checkers/elle/rw-register/rw-register.ts';
import {
  FOUND_MEANINGS,
  KAFKA_ERROR_MEANINGS,
  KAFKA_MEANINGS,
  LAG_MEANINGS,
  UNSEEN_MEANINGS,
} from '../../checkers/kafka/result.ts';
import {
  ENDED_MEANINGS,
  MISMATCHED_MEANINGS,
  MISMATCHES_MEANINGS,
} from '../../checkers/guards/matched-completions.ts';
import { LAST_READ_SET_MEANINGS } from '../../checkers/sets/last-read-set.ts';
import { KEYED_MEANINGS } from '../../checkers/linearizable/independent-keys.ts';
import {
  IMPOSSIBLE_MEANINGS,
  PATH_MEANINGS,
  POSSIBLE_STATE_MEANINGS,
} from '../../checkers/linearizable/object-history.ts';
import { LONG_FORK_MEANINGS } from '../../checkers/isolation/long-fork.ts';
import { PN_COUNTER_MEANINGS } from '../../checkers/counters/pn-counter.ts';
import { SEQUENTIAL_MEANINGS } from '../../checkers/isolation/sequential.ts';
import { ELEMENT_MEANINGS } from '../../checkers/sets/set-full-outcome.ts';
import { PHANTOM_MEANINGS, SET_FULL_MEANINGS } from '../../checkers/sets/set-full.ts';
import { STATS_MEANINGS } from '../../checkers/outcomes/stats.ts';
import { TOTAL_QUEUE_MEANINGS } from '../../checkers/sets/total-queue.ts';
import { UNIQUE_IDS_MEANINGS } from '../../checkers/replies/unique-ids.ts';
import { MESSAGE_COUNTS_MEANINGS, NET_MEANINGS } from '../../network/stats.ts';
import type { Meaning } from '../../protocol/key-meaning.ts';
import { ASSERTION_MEANINGS, ASSERTIONS_MEANINGS } from '../../run/records/assertion-record.ts';
import { UNREAD_MEANINGS } from '../../run/cluster/cluster-node.ts';
import { INTERRUPTED_MEANINGS } from '../../run/verdict/cut-short.ts';
import { INVARIANT_FAILURE_MEANINGS, INVARIANTS_MEANINGS } from '../../run/invariants/invariant-watch.ts';
import { HINTS_MEANINGS } from '../../run/hints/run-hints.ts';
import { LIVENESS_MEANINGS, PROGRESS_MEANINGS } from '../../run/verdict/liveness.ts';
import {
  ANSWER_MEANINGS,
  ERROR_COUNT_MEANINGS,
  ERRORS_MEANINGS,
  LITTLE_SUCCESS_MEANINGS,
  SILENCE_MEANINGS,
} from '../../run/records/outcome-tally.ts';
import { PROTOCOL_MEANINGS, VIOLATION_MEANINGS } from '../../run/records/protocol-record.ts';
import { NODES_MEANINGS, PART_MEANINGS, PROBLEM_MEANINGS } from '../../run/verdict/test-results.ts';
import { KEY_RESULT_MEANINGS } from '../../workloads/lin-kv/lin-kv-results.ts';
import { MISSING_KEYS_MEANINGS, WITH_MISSING_KEYS_MEANINGS } from '../../workloads/lin-kv/missing-keys.ts';
import type { Form } from './result-form.ts';
import { boundedResult } from '../../checkers/bounded-result.ts';
import type { CheckResult, ResultValue } from '../../checkers/checker.ts';
import { Keyword, type Edn } from '../../edn/edn-value.ts';
import {
  byName,
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
  opError,
  orNull,
  set,
  shaped,
  text,
  tuple,
  userValue,
  vector,
  wordOr,
  type Fields,
  type Shape,
} from './shaped-edn.ts';

const validity = wordOr('unknown', Keyword.of('unknown'), flag);

/** Why a check is incomplete, with further details. */
const incomplete = fields(
  { type: keyword, message: text, 'op-index': integer },
  {
    type: 'what kept the check from a verdict',
    message: 'the same in a sentence',
    'op-index': 'the entry of the history at which it was found',
  },
  loose,
);
const error = shaped({ kind: 'either', of: [text.form, incomplete.form] }, (value, notes) =>
  typeof value === 'string' ? value : incomplete(value, notes),
);

/** Keys of every result: the verdict, and why there is none. */
const COMMON = { 'valid?': validity, error, 'checker-failed?': flag, warnings: vector(text) };
export const COMMON_MEANINGS = {
  'valid?': 'true, false, or `unknown` if nothing was proved either way',
  error: 'why there is no verdict',
  'checker-failed?': 'true if the checker itself threw or did not return; `error` has the details',
  warnings: 'oddities that do not change the verdict',
} as const;

const result = <Declared extends Fields>(
  declared: Declared,
  meanings: { readonly [Key in keyof Declared]: Meaning },
  others?: Shape,
): Shape =>
  // `meanings` has an entry for each of `declared`, so together they cover each key.
  fields<Fields>({ ...COMMON, ...declared }, { ...COMMON_MEANINGS, ...meanings }, others);

const { 'by-f': BY_F, ...COUNTS } = STATS_MEANINGS;
const counts = { count: integer, 'ok-count': integer, 'fail-count': integer, 'info-count': integer };

const stats = result(
  {
    ...counts,
    'by-f': byName(
      'operation',
      fields({ 'valid?': validity, ...counts }, { 'valid?': COMMON_MEANINGS['valid?'], ...COUNTS }),
    ),
  },
  { ...COUNTS, 'by-f': BY_F },
);
const availability = result({ 'ok-fraction': float }, AVAILABILITY_MEANINGS);

const messageCounts = fields(
  { 'send-count': integer, 'recv-count': integer, 'msg-count': integer, 'msgs-per-op': float },
  MESSAGE_COUNTS_MEANINGS,
);
const net = result({ all: messageCounts, clients: messageCounts, servers: messageCounts }, NET_MEANINGS);

const violation = fields(
  {
    node: text,
    kind: keyword,
    count: integer,
    message: text,
    sample: text,
    line: integer,
    log: text,
  },
  VIOLATION_MEANINGS,
);
const protocol = result(
  { violations: vector(violation), warnings: vector(violation) },
  { ...PROTOCOL_MEANINGS, warnings: 'oddities that make a run invalid only with `--strict`' },
);

const nodes = result(
  {
    problems: vector(
      fields(
        {
          node: text,
          kind: keyword,
          message: text,
          time: integer,
          code: orNull(integer),
          signal: orNull(text),
          cause: vector(text),
          'last-stderr': vector(text),
          'by-watchdog?': flag,
          'not-simulated?': flag,
          name: text,
          count: integer,
          details: userValue,
        },
        PROBLEM_MEANINGS,
      ),
    ),
    'crash-lines': byText('node', vector(text)),
    'last-service': byText('node', text),
    'refused-cas': byText('node', integer),
    unread: vector(
      fields({ node: text, messages: integer, bytes: integer, since: integer }, UNREAD_MEANINGS),
    ),
  },
  NODES_MEANINGS,
);

/** The name of an error as a keyword; the code of an error without a name stays a text. */
const wordOrCode = shaped(keyword.form, (value, notes) =>
  typeof value === 'string' && /^[a-z]/.test(value) ? keyword(value, notes) : text(value, notes),
);

const errors = result(
  {
    errors: vector(
      fields(
        {
          f: keyword,
          error: wordOrCode,
          text,
          count: integer,
          nodes: byText('node', integer),
          index: integer,
          node: text,
          log: text,
        },
        ERROR_COUNT_MEANINGS,
      ),
    ),
    answers: vector(fields({ f: keyword, error: keyword, count: integer }, ANSWER_MEANINGS)),
    'little-success': vector(
      fields({ of: keyword, name: text, count: integer, succeeded: integer }, LITTLE_SUCCESS_MEANINGS),
    ),
    silent: vector(fields({ node: text, timeouts: integer, since: orNull(integer) }, SILENCE_MEANINGS)),
  },
  ERRORS_MEANINGS,
);

const assertions = result(
  { assertions: vector(fields({ kind: keyword, name: text, count: integer }, ASSERTION_MEANINGS)) },
  ASSERTIONS_MEANINGS,
);

const hints = result({ hints: vector(text) }, HINTS_MEANINGS);

const liveness = result(
  {
    majority: vector(text),
    others: byText('node', text),
    within: float,
    time: integer,
    'first-success': orNull(integer),
    'by-f': byName('operation', fields({ tried: integer, succeeded: integer }, PROGRESS_MEANINGS)),
    stuck: vector(keyword),
  },
  LIVENESS_MEANINGS,
);

const invariants = result(
  {
    failures: vector(
      fields(
        {
          invariant: text,
          message: text,
          node: text,
          turn: integer,
          time: integer,
          states: byText('node', userValue),
        },
        INVARIANT_FAILURE_MEANINGS,
      ),
    ),
    checks: integer,
    problems: vector(text),
  },
  INVARIANTS_MEANINGS,
);

const interrupted = result({ by: text, phase: text, time: integer }, INTERRUPTED_MEANINGS);

const mismatched = {
  'mismatched-completions': fields(
    {
      count: integer,
      first: vector(fields({ invocation: operation, completion: operation }, ENDED_MEANINGS)),
    },
    MISMATCHES_MEANINGS,
  ),
};

// Elle

/** The state before the first append has a name; any other version is a value. */
const version = shaped(
  userValue.form,
  wordOr('elle.list-append/init', Keyword.of('elle.list-append/init'), userValue),
);

const plainStep = {
  type: keyword,
  key: userValue,
  value: version,
  "value'": version,
  'a-mop-index': integer,
  'b-mop-index': integer,
  process: integer,
  "a'": operation,
  b: operation,
  reader: operation,
  'reader-mop-index': integer,
  through: list(operation),
};
const step = fields({ ...plainStep, saw: list(fields(plainStep, STEP_MEANINGS)) }, STEP_MEANINGS);

/** `[... 4 5]` if only the end of a list is known. */
const expectedList = shaped(userValue.form, (value, notes) =>
  Array.isArray(value) && (value as readonly ResultValue[])[0] === '...'
    ? [ELLIPSIS, ...(value as readonly ResultValue[]).slice(1).map((item) => userValue(item, notes))]
    : userValue(value, notes),
);

/** Members of a component: operations, or their indexes. */
const member = shaped({ kind: 'either', of: [operation.form, integer.form] }, (value, notes) =>
  typeof value === 'number' ? integer(value, notes) : operation(value, notes),
);

const cycle = {
  type: keyword,
  not: keyword,
  subgraph: text,
  'scc-size': integer,
  scc: vector(member),
  cycle: vector(operation),
  steps: list(step),
};

const noOrderCase = fields(
  {
    choices: vector(fields({ key: userValue, value: userValue, "value'": userValue }, CHOICE_MEANINGS)),
    cycle: vector(operation),
    steps: list(step),
  },
  CASE_MEANINGS,
);

/** Keys that records of anomalies other than cycles may have. */
const anomaly = fields(
  {
    ...cycle,
    cases: vector(noOrderCase),
    op: operation,
    mop: microOperation,
    writer: operation,
    element: userValue,
    expected: expectedList,
    duplicates: byValue('element', integer),
    key: userValue,
    value: userValue,
    values: vector(userValue),
    txns: vector(wordOr('...', ELLIPSIS, operation)),
  },
  { ...PLAIN_MEANINGS, ...CYCLE_MEANINGS, ...NO_ORDER_MEANINGS },
);

const cyclicVersions = fields(
  { key: userValue, scc: set(userValue), sources: vector(keyword) },
  PLAIN_MEANINGS,
);

/** Records indexed by type of anomaly; `true` for an anomaly of the whole graph. */
const anomalies = shaped(
  { kind: 'by', by: 'type', of: vector(anomaly).form },
  fields(
    { 'cyclic-versions': vector(cyclicVersions) },
    { 'cyclic-versions': 'cycles among the versions of a key' },
    shaped(anomaly.form, (records, found) => (records === true ? true : vector(anomaly)(records, found))),
  ),
);

const elle = {
  ...mismatched,
  'anomaly-types': list(keyword),
  anomalies,
  not: set(keyword),
  'also-not': set(keyword),
  'anomaly-counts': byName('type', integer),
  'not-looked-for': byName('model', keyword),
  decided: vector(fields({ model: keyword, 'order?': validity, why: text }, DECIDED_MEANINGS)),
};

const listAppend = result(elle, { ...MISMATCHED_MEANINGS, ...TRANSACTIONS_MEANINGS });

const rwRegister = result(
  {
    ...elle,
    'unordered-keys': fields(
      { count: integer, of: integer, keys: vector(userValue), sources: vector(keyword) },
      UNORDERED_KEYS_MEANINGS,
    ),
    'initial-value': userValue,
  },
  { ...MISMATCHED_MEANINGS, ...RW_REGISTER_MEANINGS },
);

// Linearizability

const reason = fields({ msg: text }, { msg: 'why the operation is impossible' });

const either = { kind: 'either', of: [userValue.form, reason.form] } as const;
const path = shaped(
  vector(fields({ op: orNull(operation), model: shaped(either, userValue) }, PATH_MEANINGS)).form,
  // A state may look like a reason, but only the second entry of a path has one.
  tuple(
    fields({ op: orNull(operation), model: userValue }, PATH_MEANINGS),
    fields({ op: operation, model: reason }, PATH_MEANINGS),
  ),
);

const linearizable = result(
  {
    analyzer: keyword,
    op: operation,
    'previous-ok': orNull(operation),
    configs: list(fields({ model: userValue, pending: vector(operation) }, POSSIBLE_STATE_MEANINGS)),
    'final-paths': set(path),
  },
  IMPOSSIBLE_MEANINGS,
);

/** Indexed by key: the result of `each`. */
const independent = (each: Shape): Shape =>
  result(
    {
      results: byValue('key', each),
      failures: vector(userValue),
      'missing-keys': fields({ count: integer, op: operation, written: operation }, MISSING_KEYS_MEANINGS),
    },
    { ...KEYED_MEANINGS, ...WITH_MISSING_KEYS_MEANINGS },
  );

const independentObjects = independent(linearizable);

/** If keys are judged separately, there is a result for each. */
const casRegister = shaped(
  { kind: 'either', of: [linearizable.form, independentObjects.form] },
  (value, notes) =>
    (typeof value === 'object' && value !== null && 'results' in value ? independentObjects : linearizable)(
      value,
      notes,
    ),
);

const keyResult = result({ linearizable, timeline: result({}, {}) }, KEY_RESULT_MEANINGS);

const linKv = independent(keyResult);

// Sets

const element = fields(
  {
    element: userValue,
    outcome: keyword,
    'stable-latency': orNull(integer),
    'lost-latency': orNull(integer),
    known: orNull(operation),
    'last-present': orNull(operation),
    'last-absent': orNull(operation),
  },
  ELEMENT_MEANINGS,
);

const setFull = result(
  {
    'attempt-count': integer,
    'stable-count': integer,
    'lost-count': integer,
    lost: list(userValue),
    'never-read-count': integer,
    'never-read': list(userValue),
    'stale-count': integer,
    stale: list(userValue),
    'worst-stale': list(element),
    'worst-lost': list(element),
    'stable-latencies': byNumber('share', integer),
    'lost-latencies': byNumber('share', integer),
    'duplicated-count': integer,
    duplicated: byValue('element', integer),
    'phantom-count': integer,
    phantoms: list(userValue),
    'first-phantom': fields({ element: userValue, read: operation }, PHANTOM_MEANINGS),
    'repeated-count': integer,
    repeated: byValue('element', integer),
  },
  SET_FULL_MEANINGS,
);

/** Jepsen's `set`, which looks only at the last read. */
const lastReadSet = result(
  {
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
  },
  LAST_READ_SET_MEANINGS,
);

// Kafka

const kafkaRecord = fields(
  {
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
  },
  { ...KAFKA_ERROR_MEANINGS, ...CYCLE_MEANINGS },
);

const kafkaErrors = fields(
  {
    count: integer,
    errs: shaped(vector(kafkaRecord).form, (records, found) =>
      records === true ? true : vector(kafkaRecord)(records, found),
    ),
  },
  FOUND_MEANINGS,
);

const kafka = result(
  {
    ...mismatched,
    'worst-realtime-lag': fields(
      { time: float, process: orNull(integer), key: userValue, lag: float },
      LAG_MEANINGS,
    ),
    'bad-error-types': list(keyword),
    'error-types': list(keyword),
    'info-txn-causes': list(opError),
    unseen: fields(
      {
        time: integer,
        unseen: byValue('log', integer),
        messages: byValue('log', vector(userValue)),
      },
      UNSEEN_MEANINGS,
    ),
  },
  { ...MISMATCHED_MEANINGS, ...KAFKA_MEANINGS },
  // Each type of error is a key of its own.
  kafkaErrors,
);

// The rest

const counter = result(
  {
    errors: orNull(list(operation)),
    'final-reads': list(userValue),
    acceptable: list(tuple(integer, integer)),
    note: text,
  },
  PN_COUNTER_MEANINGS,
);

const bounded = list(tuple(integer, userValue, integer));

const echo = result({ errors: list(tuple(text, userValue, text, userValue)) }, ECHO_MEANINGS);

const uniqueIds = result(
  {
    'attempted-count': integer,
    'acknowledged-count': integer,
    'duplicated-count': integer,
    duplicated: byValue('id', integer),
    range: tuple(userValue, userValue),
  },
  UNIQUE_IDS_MEANINGS,
);

const totalQueue = result(
  {
    'attempt-count': integer,
    'acknowledged-count': integer,
    'ok-count': integer,
    'unexpected-count': integer,
    'duplicated-count': integer,
    'lost-count': integer,
    'recovered-count': integer,
    lost: list(userValue),
    unexpected: list(userValue),
    duplicated: list(userValue),
    recovered: list(userValue),
    note: text,
  },
  TOTAL_QUEUE_MEANINGS,
);

const bankProblem = fields(
  {
    type: keyword,
    op: operation,
    unexpected: list(userValue),
    nils: byValue('account', userValue),
    total: integer,
    negative: list(integer),
  },
  BANK_PROBLEM_MEANINGS,
);
const bank = result(
  {
    'read-count': integer,
    'error-count': integer,
    'first-error': orNull(bankProblem),
    errors: byName(
      'type',
      fields(
        {
          count: integer,
          first: bankProblem,
          worst: bankProblem,
          last: bankProblem,
          lowest: bankProblem,
          highest: bankProblem,
        },
        BANK_KIND_MEANINGS,
      ),
    ),
  },
  BANK_MEANINGS,
);

/** `[:multiple-writes 5]`: a keyword and what it is about. */
const longForkError = shaped({ kind: 'either', of: [text.form, userValue.form] }, (value, notes) => {
  if (!Array.isArray(value)) return error(value, notes);
  const [word = null, ...about] = value as readonly ResultValue[];
  return [keyword(word, notes), ...about.map((item) => userValue(item, notes))];
});
const longFork = fields<Fields>(
  {
    ...COMMON,
    error: longForkError,
    message: text,
    'reads-count': integer,
    'early-read-count': integer,
    'late-read-count': integer,
    forks: list(tuple(operation, operation)),
  },
  { ...COMMON_MEANINGS, ...LONG_FORK_MEANINGS },
);

const comments = result(
  {
    errors: vector(
      fields(
        { op: operation, missing: set(userValue), 'expected-count': integer, key: userValue },
        COMMENTS_ERROR_MEANINGS,
      ),
    ),
    'error-count': integer,
  },
  COMMENTS_MEANINGS,
);

const sequential = result(
  {
    'all-count': integer,
    'some-count': integer,
    'none-count': integer,
    'bad-count': integer,
    bad: list(userValue),
    'first-bad': operation,
  },
  SEQUENTIAL_MEANINGS,
);

/** Indexed by name of the workload or of the model. */
const CHECKERS: ReadonlyMap<string, Shape> = new Map([
  ['echo', echo],
  ['unique-ids', uniqueIds],
  ['broadcast', setFull],
  ['g-set', setFull],
  ['set-full', setFull],
  ['set', lastReadSet],
  ['g-counter', counter],
  ['pn-counter', counter],
  ['counter', result({ reads: bounded, errors: bounded }, COUNTER_MEANINGS)],
  ['kafka', kafka],
  ['lin-kv', linKv],
  ['txn-list-append', listAppend],
  ['list-append', listAppend],
  ['txn-rw-register', rwRegister],
  ['rw-register', rwRegister],
  ['cas-register', casRegister],
  ['stats', stats],
  ['total-queue', totalQueue],
  ['bank', bank],
  ['long-fork', longFork],
  ['comments', comments],
  ['sequential', sequential],
  ...['mutex', 'register', 'kv', 'fifo-queue', 'unordered-queue', 'linearizable-set'].map(
    (name) => [name, casRegister] as const,
  ),
]);

const graph = result({}, {});
const perf = result(
  { 'latency-graph': graph, 'rate-graph': graph },
  { 'latency-graph': 'always valid', 'rate-graph': 'always valid' },
);

const run = (workload: Shape): Shape =>
  result(
    {
      perf,
      timeline: result({}, {}),
      exceptions: result({}, {}),
      stats,
      availability,
      net,
      protocol,
      nodes,
      errors,
      assertions,
      invariants,
      liveness,
      hints,
      interrupted,
      workload,
    },
    {
      perf: 'always valid, as in upstream Maelstrom',
      timeline: 'always valid, as in upstream Maelstrom',
      exceptions: 'always valid, as in upstream Maelstrom',
      ...PART_MEANINGS,
    },
  );

/** Returns the form of a whole run's results, without the workload's. */
export const runForm = (): Form => run(loose).form;

/** Returns the forms declared above, indexed by name of the workload or of the model. */
export const resultForms = (): ReadonlyMap<string, Form> =>
  new Map([...CHECKERS].map(([name, { form }]) => [name, form]));

/**
 * Converts a result to EDN: of a run of that workload (with a part `workload`), or of a checker of that name. If the
 * checker is unknown, keys become keywords and values stay as they are. Appends deviations from the declared shape to
 * `odd`.
 */
export function resultsToEdn(results: CheckResult, checker = '', odd: string[] = []): Edn {
  const shape = CHECKERS.get(checker) ?? loose;
  return ('workload' in results ? run(shape) : shape)(boundedResult(results), { path: [], odd });
}

/**
 * Converts the result for one of the keys that a workload judges separately, or the whole result if there are no keys.
 */
export function keyResultToEdn(results: CheckResult): Edn {
  return ('linearizable' in results ? keyResult : linearizable)(results, { path: [], odd: [] });
}
