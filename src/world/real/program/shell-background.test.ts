import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startsInBackground } from './shell-background.ts';

const root = mkdtempSync(join(tmpdir(), 'shell-background-'));
afterAll(() => rmSync(root, { recursive: true }));

it.each([
  ['#!/bin/sh\npython3 node.py &\nwait\n', true],
  ['#!/usr/bin/env bash\ncd x && ./node --peers 3 & \nwait $!', true],
  ['#!/bin/sh\nexec python3 node.py\n', false],
  ['#!/bin/sh\ncd x &&\n./node\n', false],
  ['#!/bin/sh\n# python3 node.py &\n./node 2>&1 | tee log\n', false],
  ['#!/bin/sh\n./node <&0 &\nwait\n', false],
  ['#!/usr/bin/env python3\nx = a &\n', false],
])('%j: %s', (text, expected) => {
  const file = join(root, 'node');
  writeFileSync(file, text);
  expect(startsInBackground(file)).toBe(expected);
});

it('a file that cannot be read does not', () => {
  expect(startsInBackground(join(root, 'missing'))).toBe(false);
});
