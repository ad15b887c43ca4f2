/** Reads certificates from files, which anyone may have written. */
import { isJsonArray, isJsonObject, type Json } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import type { Certificate, Proof } from './certificate.ts';
import { withReadValues } from './written-values.ts';

type Test = (value: Json | undefined) => boolean;

const isName: Test = (value) => Number.isSafeInteger(value);
const isText: Test = (value) => typeof value === 'string';
const areNames: Test = (value) => isJsonArray(value) && value.every(isName);
/** `~17`, for a snapshot, with a number in canonical form. */
const isSnapshot: Test = (value) => typeof value === 'string' && /^~(0|[1-9]\d{0,14})$/.test(value);
const arePoints: Test = (value) => isJsonArray(value) && value.every((one) => isName(one) || isSnapshot(one));
const eachHas =
  (fields: Fields): Test =>
  (value) =>
    isJsonArray(value) && value.every((one) => isJsonObject(one) && lacking(one, fields) === undefined);

type Fields = Readonly<Record<string, Test>>;

const ORDER: Fields = { respects: isText, order: arePoints };
const CYCLE: Fields = { anomaly: isText, steps: eachHas({ from: isName, to: isName, type: isText }) };
const isRefutation: Test = (value) =>
  isJsonObject(value) &&
  ((value['kind'] === 'cycle' && lacking(value, CYCLE) === undefined) ||
    (value['kind'] === 'cases' && lacking(value, CASES) === undefined));
const CASES: Fields = {
  anomaly: isText,
  key: (value) => value !== undefined,
  first: isName,
  second: isName,
  before: isRefutation,
  after: isRefutation,
};
const KINDS: Readonly<Record<Proof['kind'], Fields>> = {
  linearization: { objects: eachHas({ order: areNames }) },
  core: { until: isName, operations: areNames },
  text: { operation: isName },
  serial: ORDER,
  snapshot: ORDER,
  prefix: ORDER,
  causal: ORDER,
  atomic: ORDER,
  view: ORDER,
  commits: ORDER,
  cycle: CYCLE,
  cases: CASES,
  anomaly: { anomaly: isText, operations: areNames },
};

const isKind = (name: string): name is Proof['kind'] => Object.hasOwn(KINDS, name);

const lacking = (value: { readonly [name: string]: Json }, fields: Fields): string | undefined =>
  Object.keys(fields).find((name) => fields[name]?.(value[name]) === false);

/** Returns the certificate. Throws a UserError that names the file and the problem. */
export function certificateIn(value: unknown, file: string): Certificate {
  const json = value as Json; // as parsed
  if (!isJsonObject(json) || json['certificate'] !== 1) throw refused('has no "certificate": 1');
  const problem = lacking(json, {
    model: isText,
    options: isJsonObject,
    'valid?': (one) => typeof one === 'boolean',
  });
  if (problem !== undefined) throw refused(`has no ${JSON.stringify(problem)} that makes sense`);
  const { proof } = json;
  const kind = isJsonObject(proof) && typeof proof['kind'] === 'string' ? proof['kind'] : '';
  const fields = isKind(kind) ? KINDS[kind] : undefined;
  if (!isJsonObject(proof) || fields === undefined) throw refused('has no proof of a kind that is known');
  const field = lacking(proof, fields);
  if (field !== undefined) throw refused(`has no ${JSON.stringify(field)} in its proof that makes sense`);
  try {
    return withReadValues(json as unknown as Certificate); // by the tests above
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refused(`has a value that is not EDN: ${shownText(error.message, 200)}`);
  }

  function refused(why: string): UserError {
    return new UserError(
      `${file} is no certificate: it ${why}.`,
      'maelstrom check --certificate FILE writes one.',
    );
  }
}
