/**
 * Redraws the stories of docs/stories: runs each scenario there, and writes its story beside it, as text and as a
 * picture, with what decided the run. It also updates the hash of the program, which comments in its classes change as
 * well. A scenario that no longer fails in the same way is an error: its program has changed, and another scenario must
 * be found.
 *
 *     node scripts/draw-stories.mjs [WORD]      only those whose name contains WORD
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stories = join(root, 'docs/stories');
const [, , word = ''] = process.argv;
const store = mkdtempSync(join(tmpdir(), 'maelstrom-stories-'));
const maelstrom = (...words) => spawnSync(join(root, 'maelstrom'), words, { cwd: root, encoding: 'utf8' });
try {
  for (const file of readdirSync(stories).filter((name) => name.endsWith('.json') && name.includes(word))) {
    const name = file.replace('.json', '');
    const { stdout, stderr } = maelstrom(
      'test',
      '--scenario',
      join(stories, file),
      '--store',
      store,
      '--no-report',
    );
    const told = maelstrom('story', join(store, 'latest'), '--decisive');
    const [title] = told.stdout.split('\n');
    const [before] = readFileSync(join(stories, `${name}.md`), 'utf8').split('\n');
    if (told.status === 0 && before.replaceAll('\\', '') !== `# ${title}`)
      throw new Error(`${name} was "${before}", and is now "${title}".`);
    if (told.status !== 0) throw new Error(`${name}: ${stdout}${stderr}${told.stderr}`);
    copyFileSync(join(store, 'latest/story.svg'), join(stories, `${name}.svg`));
    const text = readFileSync(join(store, 'latest/story.md'), 'utf8');
    writeFileSync(join(stories, `${name}.md`), text.replace('(story.svg)', `(${name}.svg)`));
    const remade = join(store, 'scenario.json');
    maelstrom('scenario', join(store, 'latest'), '--out', remade);
    const { sha256 } = JSON.parse(readFileSync(remade, 'utf8')).program;
    const scenario = readFileSync(join(stories, file), 'utf8');
    writeFileSync(join(stories, file), scenario.replace(/"sha256":"[0-9a-f]*"/, `"sha256":"${sha256}"`));
    console.log(`${name}\n${told.stdout}`);
  }
} finally {
  rmSync(store, { recursive: true });
}
