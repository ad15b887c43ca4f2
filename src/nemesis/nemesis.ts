/** What a run requires from its nemesis, independent of how it decides when faults begin and end. */
import type { Generator } from '../generator/generator.ts';
import type { Json } from '../protocol/json.ts';

export interface Nemesis {
  /** The operations during the main phase, at their times. */
  readonly generator: Generator;
  /** Ends all faults, one after the other. */
  readonly finalGenerator: Generator;
  /** Carries out an operation and calls back once with the value to record. */
  invoke(op: NemesisOp, done: (value: Json) => void): void;
  /** Returns the current faults, such as `partition n1 | n2 n3`. */
  activeFaults(): readonly string[];
}

export interface NemesisOp {
  readonly f: string;
  readonly value: Json;
}
