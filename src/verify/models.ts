/**
 * Which proofs decide which consistency models, from their definitions: an order of a kind proves those below; a cycle or an
 * anomaly refutes those that forbid it. After Adya ("Weak Consistency", 1999) and Cerone et al. (2015).
 */
import { ProofError, type CycleStep, type OrderProof, type Respects } from './certificate.ts';

const RESPECTS: readonly Respects[] = ['none', 'process', 'realtime'];
const KINDS: readonly OrderProof['kind'][] = ['commits', 'snapshot', 'serial'];

interface Model {
  /** The weakest proof that is enough. */
  readonly kind: OrderProof['kind'];
  readonly respects: Respects;
  /** What refutes it: words of `shapeOf`, and anomalies. */
  readonly forbids: ReadonlySet<string>;
}

const MALFORMED = 'garbage-read duplicate-elements cyclic-versions';
const DIRTY = `${MALFORMED} incompatible-order G1a G1b ww wr`;
const SNAPSHOT = `${DIRTY} internal future-read lost-update single nonadjacent`;
const SERIAL = `${SNAPSHOT} adjacent`;

const TABLE: readonly (readonly [
  kind: OrderProof['kind'],
  respects: Respects,
  forbids: string,
  names: string,
])[] = [
  ['serial', 'realtime', SERIAL, 'strict-serializable strong-serializable PL-SS'],
  ['serial', 'process', SERIAL, 'strong-session-serializable'],
  ['serial', 'none', SERIAL, 'serializable conflict-serializable PL-3'],
  ['serial', 'none', SERIAL.replace('internal future-read ', ''), 'repeatable-read PL-2.99'],
  ['snapshot', 'realtime', SNAPSHOT, 'strong-snapshot-isolation'],
  ['snapshot', 'process', SNAPSHOT, 'strong-session-snapshot-isolation'],
  ['snapshot', 'none', SNAPSHOT, 'snapshot-isolation PL-SI'],
  ['snapshot', 'none', `${DIRTY} lost-update single`, 'consistent-view PL-2+ forward-consistent-view PL-FCV'],
  ['serial', 'none', `${DIRTY} lost-update single`, 'update-serializable PL-3U'],
  [
    'snapshot',
    'none',
    `${DIRTY} internal future-read lost-update`,
    'update-atomic parallel-snapshot-isolation',
  ],
  ['snapshot', 'none', `${DIRTY} internal future-read`, 'read-atomic causal-cerone prefix'],
  ['snapshot', 'none', `${DIRTY} lost-update`, 'cursor-stability PL-CS'],
  ['snapshot', 'none', DIRTY, 'monotonic-view PL-2L monotonic-snapshot-read PL-MSR monotonic-atomic-view'],
  ['commits', 'realtime', DIRTY, 'strong-read-committed strong-PL-2'],
  ['commits', 'process', DIRTY, 'strong-session-read-committed strong-session-PL-2'],
  ['commits', 'none', DIRTY, 'read-committed PL-2'],
  ['commits', 'none', `${MALFORMED} ww`, 'read-uncommitted PL-1'],
];

const MODELS: ReadonlyMap<string, Model> = new Map(
  TABLE.flatMap(([kind, respects, forbids, names]) =>
    names.split(' ').map((name) => [name, { kind, respects, forbids: new Set(forbids.split(' ')) }] as const),
  ),
);

function modelNamed(name: string): Model {
  const model = MODELS.get(name);
  if (model === undefined) throw new ProofError(`The verifier does not know the consistency model ${name}`);
  return model;
}

/** Throws unless such an order proves all of these models. */
export function holdEnough(models: readonly string[], { kind, respects }: OrderProof): void {
  for (const name of models) {
    const model = modelNamed(name);
    if (
      KINDS.indexOf(kind) < KINDS.indexOf(model.kind) ||
      RESPECTS.indexOf(respects) < RESPECTS.indexOf(model.respects)
    )
      throw new ProofError(`An order of kind ${kind} that respects ${respects} does not prove ${name}`);
  }
}

/** Throws unless one of the models forbids what was shown; a cycle is shown by its steps. */
export function holdForbidden(models: readonly string[], what: string, respects: Respects = 'none'): void {
  const isForbidden = models
    .map(modelNamed)
    .some(
      (model) => model.forbids.has(what) && RESPECTS.indexOf(model.respects) >= RESPECTS.indexOf(respects),
    );
  if (!isForbidden)
    throw new ProofError(`${what} (${respects}) is forbidden by none of ${models.join(', ')}`);
}

const NAMES = {
  ww: 'G0',
  wr: 'G1c',
  single: 'G-single-item',
  nonadjacent: 'G-nonadjacent-item',
  adjacent: 'G2-item',
} as const;

/** What kind of cycle it is, as Adya tells them apart: by its anti-dependencies. */
export function shapeOf(steps: readonly CycleStep[]): {
  readonly shape: string;
  readonly respects: Respects;
  /** As Elle calls it. */
  readonly name: string;
} {
  const types = steps.map(({ type }) => type);
  const anti = types.filter((type) => type === 'rw').length;
  const areAdjacent = types.some((type, at) => type === 'rw' && types[(at + 1) % types.length] === 'rw');
  const shape =
    anti === 0
      ? types.includes('wr')
        ? 'wr'
        : 'ww'
      : anti === 1
        ? 'single'
        : areAdjacent
          ? 'adjacent'
          : 'nonadjacent';
  const respects = types.includes('realtime') ? 'realtime' : types.includes('process') ? 'process' : 'none';
  return { shape, respects, name: `${NAMES[shape]}${respects === 'none' ? '' : `-${respects}`}` };
}
