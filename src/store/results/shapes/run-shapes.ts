/** The results of a run: those of the parts that every workload has, with a place for the workload's own. */
import { AVAILABILITY_MEANINGS } from '../../../checkers/outcomes/availability.ts';
import { STATS_MEANINGS } from '../../../checkers/outcomes/stats.ts';
import { MESSAGE_COUNTS_MEANINGS, NET_MEANINGS } from '../../../network/stats.ts';
import { UNREAD_MEANINGS } from '../../../run/cluster/cluster-node.ts';
import { HINTS_MEANINGS } from '../../../run/hints/run-hints.ts';
import { INVARIANTS_MEANINGS, INVARIANT_FAILURE_MEANINGS } from '../../../run/invariants/invariant-watch.ts';
import { ASSERTIONS_MEANINGS, ASSERTION_MEANINGS } from '../../../run/records/assertion-record.ts';
import {
  ANSWER_MEANINGS,
  ERRORS_MEANINGS,
  ERROR_COUNT_MEANINGS,
  LITTLE_SUCCESS_MEANINGS,
  SILENCE_MEANINGS,
} from '../../../run/records/outcome-tally.ts';
import { PROTOCOL_MEANINGS, VIOLATION_MEANINGS } from '../../../run/records/protocol-record.ts';
import { INTERRUPTED_MEANINGS } from '../../../run/verdict/cut-short.ts';
import { LIVENESS_MEANINGS, PROGRESS_MEANINGS } from '../../../run/verdict/liveness.ts';
import { NODES_MEANINGS, PART_MEANINGS, PROBLEM_MEANINGS } from '../../../run/verdict/test-results.ts';
import {
  byName,
  byText,
  fields,
  flag,
  float,
  integer,
  keyword,
  orNull,
  shaped,
  text,
  userValue,
  vector,
  type Shape,
} from '../shaped-edn.ts';
import { COMMON_MEANINGS, result, validity } from './common-shapes.ts';

const { 'by-f': BY_F, ...COUNTS } = STATS_MEANINGS;
const counts = { count: integer, 'ok-count': integer, 'fail-count': integer, 'info-count': integer };

export const stats = result(
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

const graph = result({}, {});
const perf = result(
  { 'latency-graph': graph, 'rate-graph': graph },
  { 'latency-graph': 'always valid', 'rate-graph': 'always valid' },
);

export const run = (workload: Shape): Shape =>
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
