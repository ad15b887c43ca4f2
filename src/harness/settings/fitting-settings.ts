/**
 * Refuses settings that contradict each other or that the workload does not use, since they would silently have no
 * effect.
 */
import { isUsedBy, type Setting } from '../../protocol/settings/setting-shape.ts';
import { SETTINGS } from '../../run/test-spec.ts';
import { UserError } from '../../protocol/user-error.ts';

/**
 * Throws a UserError for such a setting. `named` is how the caller writes a setting. `workload` is undefined for a
 * workload of the caller's own, which may use all settings.
 */
export function refuseUnfitting(
  settings: Readonly<Record<string, unknown>>,
  workload: string | undefined,
  named: (setting: string, value: unknown) => string,
): void {
  if (settings['lenient'] === true && settings['strict'] === true) {
    throw new UserError(
      `${named('strict', true)} and ${named('lenient', true)} contradict each other: one turns warnings into violations, the other violations into warnings.`,
      'Leave out one of them.',
    );
  }
  if (workload === undefined) return;
  for (const [name, { onlyFor }] of Object.entries<Setting>(SETTINGS)) {
    const value = settings[name];
    // Ignores flags that are off, except those that are on by default.
    const isLeftOut = value === undefined || (value === false && name !== 'wfrKeys' && name !== 'decide');
    if (onlyFor === undefined || isLeftOut || isUsedBy(workload, { onlyFor })) continue;
    throw new UserError(`${named(name, value)} does not apply to the workload ${workload}.`, onlyFor.hint);
  }
}
