/** Refuses settings that contradict each other, or that mean nothing to the workload: in silence they would have no effect. */
import type { TestSpec } from '../run/test-spec.ts';
import { UserError } from '../protocol/user-error.ts';

type Setting = 'repeatElements' | 'wfrKeys' | 'sequentialKeys' | 'linearizableKeys';

interface Fitting {
  readonly workloads: readonly string[];
  readonly hint: string;
}

const SETS: Fitting = {
  workloads: ['broadcast', 'g-set'],
  hint: 'It says how many adds repeat an element, in -w g-set and -w broadcast.',
};
const REGISTERS: Fitting = {
  workloads: ['txn-rw-register'],
  hint: 'It says from what the order of the versions of registers is inferred, in -w txn-rw-register.',
};

const ONLY_FOR: Readonly<Record<Setting, Fitting>> = {
  repeatElements: SETS,
  wfrKeys: REGISTERS,
  sequentialKeys: REGISTERS,
  linearizableKeys: REGISTERS,
};

export type FittedSettings = Pick<TestSpec, 'lenient' | 'strict'> & {
  readonly [name in Setting]?: unknown;
};

/** `named` says how the caller writes a setting. The workload is undefined for one of the caller's own, which may use them all. */
export function refuseUnfitting(
  settings: Partial<FittedSettings>,
  workload: string | undefined,
  named: (setting: keyof FittedSettings, value: unknown) => string,
): void {
  if (settings.lenient === true && settings.strict === true) {
    throw new UserError(
      `${named('strict', true)} and ${named('lenient', true)} contradict each other: one makes warnings violations, the other violations warnings.`,
      'Leave out one of them.',
    );
  }
  if (workload === undefined) return;
  // Object.entries forgets that the keys are those of the table.
  for (const [setting, { workloads, hint }] of Object.entries(ONLY_FOR) as [Setting, Fitting][]) {
    const value = settings[setting];
    // Flags that are off; wfrKeys is on by itself.
    const isLeftOut = value === undefined || (value === false && setting !== 'wfrKeys');
    if (isLeftOut || workloads.includes(workload)) continue;
    throw new UserError(`${named(setting, value)} means nothing to the workload ${workload}.`, hint);
  }
}

/** `--no-wfr-keys` for wfrKeys that is false. */
export function asFlag(setting: string, value: unknown): string {
  return `--${value === false ? 'no-' : ''}${setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
