import { expect, it } from 'vitest';
import { refuseTilde } from './home-path.ts';

it.each(['~', '~/x'])('%s is refused with advice', (path) => {
  expect(() => refuseTilde('--bin', path)).toThrow(
    expect.objectContaining({ hint: `Write: --bin "$HOME${path.slice(1)}"` }),
  );
});

it.each(['$HOME/x', '${HOME}/x', '$PWD/x'])('%s is refused with advice', (path) => {
  expect(() => refuseTilde('--bin', path)).toThrow(
    expect.objectContaining({ hint: `Write: --bin "${path}"` }),
  );
});

it.each(['$HOMEWORK/x', 'x$HOME', 'x~', './~/x', '~x', '/home/me/x'])('%s is a path', (path) => {
  expect(() => refuseTilde('--bin', path)).not.toThrow();
});
