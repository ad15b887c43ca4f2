/** Explains a failed linearizability check in a sentence or two. */
import { withoutNote } from '../bounded-result.ts';
import type { NodeOf } from '../checker.ts';
import type { ImpossibleOperation } from '../evidence.ts';
import type { Op } from '../../history/op.ts';
import { elementsOf, valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { formOf, otherFormOf } from '../other-form.ts';
import type { LinearizableResult } from './linearizable.ts';
import type { ObjectResult } from './object-history.ts';

/** Returns undefined if there is nothing to say. */
export const explainCasRegister = (result: LinearizableResult, nodeOf?: NodeOf): string | undefined =>
  explainLinearizable(result, { noun: 'the value', nodeOf });

interface Words {
  /** What the object's state is called: `the value`. */
  readonly noun: string;
  /** Names a state; default: its value. */
  readonly state?: (model: Json) => string;
  readonly nodeOf: NodeOf | undefined;
}

/** Explains the result for an object of any kind. */
export function explainLinearizable(result: LinearizableResult, words: Words): string | undefined {
  if (result.results === undefined) return explainOne(result, words);
  // The key that became invalid first comes first, as in stories.
  const wrong = Object.entries(result.results)
    .flatMap(([key, one]) => {
      const text = explainOne(one, words);
      return text === undefined || one['valid?'] !== false ? [] : [{ key, text, index: one.op.index }];
    })
    .toSorted((a, b) => a.index - b.index);
  const [first] = wrong;
  if (first === undefined) return undefined;
  const others =
    wrong.length === 1
      ? ''
      : ` The same is true of ${wrong.length - 1} more ${wrong.length === 2 ? 'key' : 'keys'}: ${wrong
          .slice(1, 9)
          .map(({ key }) => shownText(key, LONGEST_KEY))
          .join(', ')}.`;
  return `Key ${shownText(first.key, LONGEST_KEY)} is not linearizable. ${first.text}${others}`;
}

const LONGEST_VALUE = 400;
const LONGEST_KEY = 60;
/** Maximum number of reasons shown. */
const REASONS = 10;

/** Returns the operation that cannot have happened, and why; undefined if there is none. */
export function impossibleOperation(result: ObjectResult): ImpossibleOperation | undefined {
  if (result['valid?'] !== false) return undefined;
  const reasons = withoutNote(result['final-paths']).map(([, last]) => last.model.msg);
  return {
    op: result.op,
    configs: withoutNote(result.configs),
    contradictions: [...new Set(reasons)].slice(0, REASONS),
  };
}

function explainOne(result: ObjectResult, { noun, state = showState, nodeOf }: Words): string | undefined {
  if (result['valid?'] !== false) return undefined;
  const { op, configs, 'previous-ok': previous } = result;
  const possible = [...new Set(withoutNote(configs).map(({ model }) => state(model)))];
  const before = previous !== undefined ? `after ${describe(previous, nodeOf)} ` : '';
  const wrong = `Operation ${op.index}, ${describe(op, nodeOf)}, cannot have happened`;
  if (possible.length === 0)
    return `${wrong}: no order of the operations until then explains all their results.`;
  return (
    `${wrong}: ${before}${noun} could have been ${possible.slice(0, 6).join(' or ')}, and no pending operation could have changed it to fit.` +
    otherFormText(
      op,
      withoutNote(configs).map(({ model }) => model),
    )
  );
}

/** Says of a read whether it shows the value as another type, such as a string. */
function otherFormText({ f, value }: Op, models: readonly Json[]): string {
  if (f !== 'read') return '';
  // The value of a read of a key is a pair.
  const shown = elementsOf(value)?.at(-1) ?? value;
  const meant = shown === null ? undefined : otherFormOf(shown, models);
  return meant === undefined
    ? ''
    : ` ${briefly(shown)} is ${briefly(meant)} as ${formOf(shown, meant)}, which is a different value.`;
}

function describe(op: Op, nodeOf: NodeOf | undefined): string {
  const node = nodeOf?.(op);
  const value = op.value === null && VALUELESS.has(op.f) ? '' : ` ${briefly(op.value)}`;
  return `${shownText(op.f, 60)}${value} by process ${op.process}${node === undefined ? '' : ` on ${node}`}`;
}

/** Operations of locks, whose names say everything. */
const VALUELESS: ReadonlySet<string> = new Set(['acquire', 'release']);

const showState = (model: Json): string => (model === null ? 'nil' : briefly(model));

/** Shortens a value, which may be as long as a message. */
const briefly = (value: Json): string => shownText(valueText(value), LONGEST_VALUE);
