import { describe, expect, it } from 'vitest';
import { UserError } from '../../protocol/user-error.ts';
import { checkSettings, type RunTestOptions } from './check-settings.ts';
import { runTest } from '../one-test/run-test.ts';
import { completeSpec, SPEC_DEFAULTS, type TestSettings } from './spec-defaults.ts';

const BASE = { workload: 'echo', bin: 'echo.ts' };

describe('settings of runTest', () => {
  it.each<[unknown, string]>([
    [{ timeLimit: 3 }, 'there is no setting "timeLimit". Did you mean timeLimitSeconds?'],
    [{ ratee: 3 }, 'there is no setting "ratee". Did you mean rate?'],
    [{ 'time-limit': 3 }, 'there is no setting "time-limit". Did you mean timeLimitSeconds?'],
    [{ time_limit: 3 }, 'Did you mean timeLimitSeconds?'],
    [{ nodeCount: 3 }, "Did you mean nodes, a list of names such as ['n1', 'n2', 'n3']?"],
    [{ simulate: true }, "Did you mean world: 'simulated'?"],
    [
      { world: 'simulatd' },
      'world must be one of real, simulated, but is "simulatd". Did you mean simulated?',
    ],
    [{ topology: 'gird' }, 'topology must be one of line, grid'],
    [{ toString: 3 }, 'there is no setting "toString".'],
    [
      { latency: { distribution: 'exponental', meanMs: 3 } },
      'latency.distribution must be one of constant, uniform, exponential, lognormal, pareto, measured, but is "exponental". Did you mean exponential?',
    ],
    [{ latency: { distribution: 'measured', meanMs: 3 } }, 'latency.valuesMs lists no values'],
    [{ latency: { mean: 3 } }, 'there is no setting "mean" in latency. Did you mean meanMs?'],
    [
      { latency: { regions: { regoins: {} } } },
      'there is no setting "regoins" in latency.regions. Did you mean regions?',
    ],
    [
      { faultStrengths: { skew: { drift: { form: 1 } } } },
      '"form" in faultStrengths.skew.drift. Did you mean from?',
    ],
    [
      { faultScript: [{ at: 1, fault: 'kill', traget: 'one' }] },
      '"traget" in faultScript[0]. Did you mean target?',
    ],
    [{ faultStrengths: { skew: { jumpMs: { from: 5 } } } }, 'faultStrengths.skew.jumpMs has no `to`.'],
    [{ faultStrengths: { slow: { kind: 'range', fromMs: 5 } } }, 'faultStrengths.slow has no `toMs`.'],
    [
      { faultStrengths: { slow: { kind: 'facter', factor: 5 } } },
      'faultStrengths.slow.kind must be one of factor, range, but is "facter". Did you mean factor?',
    ],
    [
      { faultStrengths: { slow: { factor: 5 } } },
      'faultStrengths.slow.kind must be one of factor, range, but is',
    ],
    [{ faultStrengths: { slow: 3 } }, 'faultStrengths.slow must be an object, but is 3.'],
    [
      { faultStrengths: { slow: { kind: 'factor', factor: 5, toMs: 3 } } },
      'there is no setting "toMs" in faultStrengths.slow.',
    ],
    [{ steady: { los: 0.1 } }, '"los" in steady. Did you mean loss?'],
    [{ rate: '5' }, 'rate must be a number, but is "5".'],
    [{ nodes: 3 }, 'nodes must be an array, but is 3.'],
    [{ nodes: ['n1', 2] }, 'nodes[1] must be a string, but is 2.'],
    [{ report: 'no' }, 'report must be true or false, but is "no".'],
    [{ latency: null }, 'latency must be an object, but is null.'],
    [{ rate: NaN }, 'rate must be a number'],
    [{ rate: -1 }, 'rate must be a number of requests per second, at least 0, but is -1.'],
    [{ timeLimitSeconds: 0 }, 'timeLimitSeconds must be a number of seconds, greater than 0, but is 0.'],
    [{ timeLimitSeconds: Infinity }, 'but is Infinity.'],
    [{ concurrency: 1.5 }, 'concurrency must be a whole number of clients from 1 to 100000, but is 1.5.'],
    [{ availability: 99 }, 'availability must be a number from 0 to 1, but is 99.'],
    [{ steady: { loss: 10 } }, 'steady.loss must be a number from 0 to 1, but is 10.'],
  ])('%j is refused', (settings, message) => {
    const refused = (): void => checkSettings({ ...BASE, ...(settings as object) });
    expect(refused).toThrow(message);
    expect(refused).toThrow(UserError);
  });

  it.each([[undefined], [null], ['echo'], [{}], [{ workload: 'echo' }]])(
    '%j are not settings',
    (settings) => {
      expect(() => checkSettings(settings)).toThrow(UserError);
    },
  );

  it('have types that accept undefined, also under exactOptionalPropertyTypes', () => {
    const given: { readonly text: string | undefined; readonly list: readonly string[] | undefined } = {
      text: undefined,
      list: undefined,
    };
    const options: RunTestOptions = { ...BASE, seed: given.text, nodes: given.list, nemesis: given.list };
    expect(() => checkSettings(options)).not.toThrow();
  });

  it('may be all of the defaults, and undefined', () => {
    expect(() => checkSettings({ ...SPEC_DEFAULTS, ...BASE, seed: undefined })).not.toThrow();
    // Possible in plain JavaScript, whatever the types say.
    const settings = { ...BASE, rate: undefined } as unknown as TestSettings;
    expect(completeSpec(settings)).toMatchObject({ rate: 5, seed: expect.any(String) });
  });

  it.each([
    [{}, { distribution: 'constant', meanMs: 0 }],
    [{ meanMs: 100 }, { distribution: 'constant', meanMs: 100 }],
    [{ distribution: 'pareto', meanMs: 3 } as const, { distribution: 'pareto', meanMs: 3 }],
    [{ valuesMs: [1, 2, 6] }, { distribution: 'measured', meanMs: 3, valuesMs: [1, 2, 6] }],
    [
      { valuesMs: [1, 2, 6], meanMs: 30 },
      { distribution: 'measured', meanMs: 30, valuesMs: [1, 2, 6] },
    ],
  ])('a latency of %j is completed', (latency, whole) => {
    expect(completeSpec({ ...BASE, latency }).latency).toEqual(whole);
  });

  it('that contradict each other, or have no meaning for the workload, are refused', async () => {
    await expect(runTest({ ...BASE, strict: true, lenient: true })).rejects.toThrow(
      'strict and lenient contradict each other',
    );
    await expect(runTest({ ...BASE, repeatElements: 0.5 })).rejects.toThrow(
      'repeatElements does not apply to the workload echo.',
    );
    await expect(runTest({ ...BASE, wfrKeys: true })).rejects.toThrow('wfrKeys does not apply');
  });

  it('are checked before anything is opened', async () => {
    const settings = { ...BASE, timeLimit: 3 };
    await expect(runTest(settings)).rejects.toThrow('Did you mean timeLimitSeconds?');
  });
});
