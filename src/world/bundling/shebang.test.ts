import { expect, test } from 'vitest';
import { parseShebang } from './shebang.ts';

test.for([
  ['/usr/bin/node', 'node', '', true],
  ['/usr/bin/env node', 'node', '', true],
  [' /usr/bin/env  node', 'node', '', true],
  ['/usr/bin/env node --flag', 'node', '--flag', false],
  ['/usr/bin/env -S node --a --b', 'node', '--a --b', true],
  ['/usr/bin/env -Snode --a', 'node', '--a', true],
  ['/usr/bin/env -iS A=1 /opt/node-v20/bin/node --a', 'node', '--a', true],
  ['/usr/bin/env --split-string=node --a', 'node', '--a', true],
  ['/opt/node-v20/bin/deno run', 'deno', 'run', true],
  ['/usr/bin/env -S deno run --node-modules-dir', 'deno', 'run --node-modules-dir', true],
  ['/home/node/bin/my-runner node', 'my-runner', 'node', true],
  ['/usr/bin/node\r', 'node', '', false],
  ['/usr/bin/env', '', '', true],
] as const)('#!%s is run by %j', ([line, name, flags, splits]) => {
  const shebang = parseShebang(line);
  expect([shebang.name, shebang.flags.join(' '), shebang.splits]).toEqual([name, flags, splits]);
});
