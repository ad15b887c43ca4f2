import { describe, expect, it } from 'vitest';
import { UserError } from '../../../protocol/user-error.ts';
import {
  canonicalModelName,
  consistencyModelNames,
  consistencyModels,
  friendlyModelName,
  impossibleModels,
  knownAnomaly,
  modelBoundary,
  notLookedFor,
  prohibitedAnomalies,
} from './consistency-models.ts';

function errorOf(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error('expected a UserError');
}

describe('consistency models', () => {
  it('have canonical and friendly names', () => {
    expect(canonicalModelName('strict-serializable')).toBe('PL-SS');
    expect(friendlyModelName('PL-SS')).toBe('strong-serializable');
    expect(friendlyModelName('snapshot-isolation')).toBe('snapshot-isolation');
    for (const name of consistencyModelNames())
      expect(canonicalModelName(friendlyModelName(name))).toBe(canonicalModelName(name));
  });

  it('refuse an unknown name, with the nearest known one and all others', () => {
    const error = errorOf(() => canonicalModelName('snapshot isolaton'));
    expect(error.message).toBe('There is no consistency model named "snapshot isolaton".');
    expect(error.hint).toMatch(/^Did you mean snapshot-isolation\? The models are: 1SR, PL-1, /);
    expect(errorOf(() => canonicalModelName('zzzzzzzzzzzzzzzz')).hint).toMatch(/^The models are/);
    expect(errorOf(() => knownAnomaly('G-singel')).hint).toMatch(/^Did you mean G-single\?/);
  });

  it('prohibit more, the stronger they are', () => {
    const si = prohibitedAnomalies(['snapshot-isolation']);
    for (const anomaly of si) expect(prohibitedAnomalies(['serializable'])).toContain(anomaly);
    expect(si).not.toContain('G2-item');
    expect(prohibitedAnomalies(['serializable'])).toContain('G2-item');
  });

  it('that are not checked name a checked one to use instead', () => {
    for (const { name, askFor } of consistencyModels()) {
      if (askFor === undefined) expect(prohibitedAnomalies([name])).not.toEqual(new Set());
      else {
        expect(prohibitedAnomalies([name])).toEqual(new Set());
        expect(notLookedFor([canonicalModelName(name)])).toEqual(new Map([[name, askFor]]));
        expect(notLookedFor([name, askFor].map(canonicalModelName))).toEqual(new Map());
      }
    }
  });

  it('have as a boundary those that imply no other violated one', () => {
    expect(modelBoundary(['G2-item'])).toEqual({
      not: ['repeatable-read'],
      alsoNot: ['serializable', 'strong-serializable', 'strong-session-serializable'],
    });
    expect(modelBoundary([])).toEqual({ not: [], alsoNot: [] });
    expect(impossibleModels(['garbage-read'])).toContain('PL-1');
  });
});
