/**
 * Linearizability of registers with read, write and cas (the lin-kv workload), after Knossos' `cas-register` model.
 *
 * A register starts as nil, and a read of nil says nothing, unless its initial value is given; cas [a b] requires the value a.
 */
import type { Op } from '../../history/op.ts';
import { resultOver, type Budget } from '../checker.ts';
import { ObjectsChecker, type LinearizableResult, type RegisterOptions } from './linearizable.ts';
import { RegisterObject } from './registers/register-object.ts';

export type CasRegisterOptions = RegisterOptions;

/** Checks a whole history at once. */
export function checkCasRegister(
  ops: Iterable<Op>,
  options: CasRegisterOptions = {},
  budget?: Budget,
): LinearizableResult {
  return resultOver(new CasRegisterChecker(options), ops, budget);
}

export class CasRegisterChecker extends ObjectsChecker {
  constructor(options: CasRegisterOptions = {}, advises = true) {
    super(() => new RegisterObject(options['initial-value']), options, advises);
  }
}
