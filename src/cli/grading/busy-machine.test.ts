import { expect, it } from 'vitest';
import { busyMachine } from './busy-machine.ts';

it('a machine is busy if more than two processes for each processor want to run', () => {
  expect(busyMachine(4, 2)).toBeUndefined();
  expect(busyMachine(13.24, 2)).toMatch(
    /^The machine is busy: in the last minute 13\.2 processes .* 2 processors/,
  );
  // Windows knows no load.
  expect(busyMachine(0, 2)).toBeUndefined();
});
