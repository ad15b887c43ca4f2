import { describe, expect, it } from 'vitest';
import { passedOptions } from './node-options.ts';

describe('a process that simulates is given of NODE_OPTIONS', () => {
  it('the limits of memory, and nothing that nodes would notice', () => {
    const given =
      '--stack-trace-limit=3 --max-old-space-size=8000  --unhandled-rejections=none --stack_size=800';
    expect(passedOptions(given)).toBe('--max-old-space-size=8000 --stack_size=800');
    expect(passedOptions('')).toBe('');
  });

  it("Yarn's way to find packages, also in a folder with a blank in its name", () => {
    const loader = '--experimental-loader file:///home/a%20b/.pnp.loader.mjs';
    expect(passedOptions(`--require /home/a/.pnp.cjs ${loader} --trace-warnings`)).toBe(
      `--require /home/a/.pnp.cjs ${loader}`,
    );
    expect(passedOptions(`--require "/home/a b/.pnp.cjs" --require ./probe.cjs`)).toBe(
      '--require "/home/a b/.pnp.cjs"',
    );
  });
});
