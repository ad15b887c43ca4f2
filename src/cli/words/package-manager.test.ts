import { describe, expect, it } from 'vitest';
import { packageManagerOf } from './package-manager.ts';

describe('packageManagerOf', () => {
  it.each([
    ['yarn/4.5.1 npm/? node/v22.1.0 linux x64', 'yarn test'],
    ['pnpm/10.2.0 npm/? node/v22.1.0 linux x64', 'pnpm test'],
    ['bun/1.2.0 npm/? node/v22.1.0 linux x64', 'bun run test'],
    ['npm/11.0.0 node/v22.1.0 linux x64 workspaces/false', 'npm test'],
    ['toString/1', 'npm test'],
    [undefined, 'npm test'],
  ])('of %s runs a test by "%s"', (agent, command) => {
    expect(packageManagerOf({ npm_config_user_agent: agent }).test).toBe(command);
  });
});
