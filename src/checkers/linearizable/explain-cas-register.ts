/** What a failed linearizability check means, in a sentence or two. */
import { isOp, isResultMap, type CheckResult, type NodeOf, type ResultValue } from '../checker.ts';
import type { Op } from '../../history/op.ts';
import { valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';

/** Undefined when there is nothing to say. */
export function explainCasRegister(result: CheckResult, nodeOf?: NodeOf): string | undefined {
  const results = result['results'];
  if (!isResultMap(results)) return explainOne(result, nodeOf);
  const wrong = Object.entries(results).flatMap(([key, one]) => {
    const text = isResultMap(one) ? explainOne(one, nodeOf) : undefined;
    return text === undefined ? [] : [{ key, text }];
  });
  const [first] = wrong;
  if (first === undefined) return undefined;
  const others =
    wrong.length === 1
      ? ''
      : ` The same is true of ${wrong.length - 1} more ${wrong.length === 2 ? 'key' : 'keys'}: ${wrong
          .slice(1, 9)
          .map(({ key }) => key)
          .join(', ')}.`;
  return `Key ${first.key} is not linearizable. ${first.text}${others}`;
}

function explainOne(
  result: { readonly [key: string]: ResultValue },
  nodeOf: NodeOf | undefined,
): string | undefined {
  const { op, configs } = result;
  const previous = result['previous-ok'];
  if (!isOp(op)) return undefined;
  const states = Array.isArray(configs)
    ? configs.flatMap((config) => (isResultMap(config) ? [showState(config['model'])] : []))
    : [];
  const possible = [...new Set(states)];
  const before = isOp(previous) ? `after ${describe(previous, nodeOf)} ` : '';
  return (
    `Operation ${op.index}, ${describe(op, nodeOf)}, cannot have happened: ${before}` +
    `the value can have been ${possible.slice(0, 6).join(' or ')}, and nothing still under way could have changed it to fit.`
  );
}

function describe(op: Op, nodeOf: NodeOf | undefined): string {
  const node = nodeOf?.(op);
  return `${shownText(op.f, 60)} ${valueText(op.value)} by process ${op.process}${node === undefined ? '' : ` on ${node}`}`;
}

// A model in a result is always JSON: it came from the history.
const showState = (model: ResultValue): string => (model === null ? 'nil' : valueText(model as Json));
