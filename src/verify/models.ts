/**
 * The consistency models that each proof decides, from their definitions: an order of a kind proves models of that kind
 * and weaker ones; a cycle or an anomaly refutes those that forbid it. After Adya ("Weak Consistency", 1999) and Cerone
 * et al. (2015).
 */
import { ProofError, type CycleStep, type OrderProof, type Respects } from './certificate.ts';

const RESPECTS: readonly Respects[] = ['none', 'process', 'realtime'];
/** Weakest first: each proves what those before it prove. */
const KINDS: readonly OrderProof['kind'][] = [
  'commits',
  'view',
  'atomic',
  'causal',
  'prefix',
  'snapshot',
  'serial',
];

export interface Model {
  /** The weakest sufficient proof. */
  readonly kind: OrderProof['kind'];
  readonly respects: Respects;
  /** What refutes it: shapes of `shapeOf`, and anomalies. */
  readonly forbids: ReadonlySet<string>;
  /** The axiom that defines the model: which writes a transaction must not miss. */
  readonly axiom: 'view' | 'atomic' | 'causal' | undefined;
}

const MALFORMED = 'garbage-read duplicate-elements cyclic-versions';
const DIRTY = `${MALFORMED} incompatible-order G1a G1b future-read ww wr`;
const PREFIX = `${DIRTY} internal prefix`;
const SNAPSHOT = `${DIRTY} internal lost-update single nonadjacent`;
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
  ['serial', 'none', SERIAL, 'repeatable-read PL-2.99'],
  ['snapshot', 'realtime', SNAPSHOT, 'strong-snapshot-isolation'],
  ['snapshot', 'process', SNAPSHOT, 'strong-session-snapshot-isolation'],
  ['snapshot', 'none', SNAPSHOT, 'snapshot-isolation PL-SI'],
  [
    'snapshot',
    'none',
    `${DIRTY} internal lost-update single`,
    'consistent-view PL-2+ forward-consistent-view PL-FCV',
  ],
  ['serial', 'none', `${DIRTY} internal lost-update single update`, 'update-serializable PL-3U'],
  ['snapshot', 'none', `${DIRTY} internal lost-update`, 'update-atomic parallel-snapshot-isolation'],
  ['prefix', 'realtime', PREFIX, 'strong-prefix'],
  ['prefix', 'process', PREFIX, 'strong-session-prefix prefix-biswas'],
  ['prefix', 'none', PREFIX, 'prefix'],
  ['causal', 'none', `${DIRTY} internal`, 'causal-cerone'],
  [
    'causal',
    'process',
    `${DIRTY} internal`,
    'strong-session-causal transactional-causal-consistency causal-biswas',
  ],
  ['atomic', 'process', `${DIRTY} internal`, 'strong-session-read-atomic read-atomic-biswas'],
  ['atomic', 'none', `${DIRTY} internal`, 'read-atomic'],
  [
    'view',
    'process',
    `${DIRTY} own-write-missed`,
    'strong-session-monotonic-atomic-view read-committed-biswas',
  ],
  ['view', 'none', DIRTY, 'monotonic-atomic-view'],
  ['snapshot', 'none', `${DIRTY} lost-update`, 'cursor-stability PL-CS'],
  ['snapshot', 'none', DIRTY, 'monotonic-view PL-2L monotonic-snapshot-read PL-MSR'],
  ['commits', 'realtime', DIRTY, 'strong-read-committed strong-PL-2'],
  ['commits', 'process', DIRTY, 'strong-session-read-committed strong-session-PL-2'],
  ['commits', 'none', DIRTY, 'read-committed PL-2'],
  ['commits', 'none', `${MALFORMED} ww`, 'read-uncommitted PL-1'],
];

/** Models of Cerone et al. that imply one with an axiom, and forbid no cycle of one missed write as such. */
const IMPLIED_AXIOMS: Readonly<Record<string, Model['axiom']>> = {
  'update-atomic': 'atomic',
  'parallel-snapshot-isolation': 'causal',
  prefix: 'causal',
  'prefix-biswas': 'causal',
  'strong-session-prefix': 'causal',
  'strong-prefix': 'causal',
};

const MODELS: ReadonlyMap<string, Model> = new Map(
  TABLE.flatMap(([kind, respects, forbids, names]) =>
    names.split(' ').map((name) => {
      const isAxiom = kind === 'view' || kind === 'atomic' || kind === 'causal';
      const axiom = isAxiom ? kind : IMPLIED_AXIOMS[name];
      return [name, { kind, respects, forbids: new Set(forbids.split(' ')), axiom }] as const;
    }),
  ),
);

/** For anomalies that may be asked for by name: the model that they alone violate. */
const BROKEN_BY: Readonly<Record<string, string>> = {
  'G-update': 'update-serializable',
  OTV: 'monotonic-atomic-view',
  'fractured-read': 'read-atomic',
  'OTV-process': 'strong-session-monotonic-atomic-view',
  'fractured-read-process': 'strong-session-read-atomic',
  'causality-violation': 'causal-cerone',
  'causality-violation-process': 'strong-session-causal',
  'no-serial-order': 'serializable',
  'no-serial-order-process': 'strong-session-serializable',
  'no-serial-order-realtime': 'strict-serializable',
  'no-prefix-order': 'prefix',
  'no-prefix-order-process': 'strong-session-prefix',
  'no-prefix-order-realtime': 'strong-prefix',
  'no-snapshot-order': 'snapshot-isolation',
  'no-snapshot-order-process': 'strong-session-snapshot-isolation',
  'no-snapshot-order-realtime': 'strong-snapshot-isolation',
};

/** Returns the models that a proof may refute: those asked for, and those violated by an anomaly that was asked for. */
export function modelsToRefute(models: readonly string[], anomalies: readonly string[]): readonly Model[] {
  const broken = anomalies.flatMap((name) => (Object.hasOwn(BROKEN_BY, name) ? [BROKEN_BY[name] ?? ''] : []));
  return [...models, ...broken].map(modelNamed);
}

/** Returns a model that forbids only a cycle of that shape, for checks that asked for such a cycle. */
export const anyWith = (shape: string): Model => ({
  kind: 'serial',
  respects: 'realtime',
  forbids: new Set([shape]),
  axiom: undefined,
});

function modelNamed(name: string): Model {
  const model = MODELS.get(name);
  if (model === undefined) throw new ProofError(`The verifier does not know the consistency model ${name}`);
  return model;
}

/** Throws unless an order of that kind proves all of these models. */
export function holdEnough(models: readonly string[], { kind, respects }: Omit<OrderProof, 'order'>): void {
  for (const name of models) {
    const model = modelNamed(name);
    if (
      KINDS.indexOf(kind) < KINDS.indexOf(model.kind) ||
      RESPECTS.indexOf(respects) < RESPECTS.indexOf(model.respects)
    )
      throw new ProofError(`An order of kind ${kind} that respects ${respects} does not prove ${name}`);
  }
}

/** Throws unless one of the models forbids what was shown: an anomaly, or the shape of a cycle. */
export function holdForbidden(models: readonly Model[], what: string, respects: Respects = 'none'): void {
  const isForbidden = models.some(
    (model) => model.forbids.has(what) && RESPECTS.indexOf(model.respects) >= RESPECTS.indexOf(respects),
  );
  if (!isForbidden) throw new ProofError(`${what} (${respects}) is not forbidden by the models asked for`);
}

const NAMES = {
  ww: 'G0',
  wr: 'G1c',
  single: 'G-single-item',
  nonadjacent: 'G-nonadjacent-item',
  adjacent: 'G2-item',
} as const;

/**
 * Whether a cycle refutes prefix consistency: each transaction that missed a write had seen the transaction before it, or began
 * after it, so that its snapshot came later than that one's commit.
 */
export const isOfPrefixes = (steps: readonly CycleStep[]): boolean =>
  steps.every(({ type }, at) => {
    const before = steps.at(at - 1)?.type;
    return type !== 'rw' || (before !== 'rw' && before !== 'ww');
  });

/** Returns the shape of a cycle, which Adya distinguishes by its anti-dependencies. */
export function shapeOf(steps: readonly CycleStep[]): {
  readonly shape: string;
  readonly respects: Respects;
  /** Elle's name. */
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
