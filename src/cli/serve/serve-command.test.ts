import { describe, expect, it } from 'vitest';
import { runCli } from '../cli.ts';
import { Console } from '../show/console.ts';

async function said(...words: readonly string[]): Promise<string> {
  let text = '';
  const console = new Console({ write: (more: string) => void (text += more) }, {});
  await runCli(words, { console, errors: console, stdin: () => noInput(), env: {}, program: 'maelstrom' });
  return text;
}

// oxlint-disable-next-line require-yield
async function* noInput(): AsyncGenerator<Uint8Array> {}

describe('serve', () => {
  it.each([
    ['-p', '99999', '--port'],
    ['--port', '99999', '--port'],
  ])('takes the port as upstream does (%s)', async (flag, value, named) => {
    expect(await said('serve', flag, value)).toContain(`${named} must be`);
  });

  it('refuses a missing value, and a ~ that the shell did not expand', async () => {
    expect(await said('serve', '--store', '--open')).toContain(
      '--store needs a value, but is followed by --open.',
    );
    expect(await said('serve', '--store=~/runs')).toContain(
      '--store is ~/runs, but the shell has not expanded the ~',
    );
    expect(await said('serve', '-port', '8080')).toContain('-port needs two dashes. Did you mean --port?');
  });

  it('names both forms of its options', async () => {
    const help = await said('serve', '--help');
    expect(help).toContain('-p, --port <number>');
    expect(help).toContain('-b, --host <address>');
  });
});
