import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { runSource } from '../../../test/support/run-source.ts';
import { FOLDER, NOTHING, SimulatedDisk } from './simulated-disk.ts';

function textOf(disk: SimulatedDisk, path: string): string {
  const bytes = Buffer.alloc(disk.size(disk.find(path)));
  disk.read(disk.find(path), bytes, 0);
  return bytes.toString();
}

/** Returns the distinct states of the disk after many kills. */
function afterKills(prepare: (disk: SimulatedDisk) => void): Set<string> {
  const seen = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const disk = new SimulatedDisk('/d');
    prepare(disk);
    disk.tear(Random.fromSeed(seed));
    seen.add(textOf(disk, '/d/f'));
  }
  return seen;
}

describe('a kill', () => {
  it('may leave any prefix of the last unsynced write', () => {
    const left = afterKills((disk) => {
      const id = disk.create('/d/f');
      disk.write(id, Buffer.from('old.'), 0);
      disk.write(id, Buffer.from('new'), 4);
    });
    expect(left).toEqual(new Set(['old.', 'old.n', 'old.ne', 'old.new']));
  });

  it('leaves the previous content where the write had overwritten it', () => {
    const left = afterKills((disk) => {
      const id = disk.create('/d/f');
      disk.write(id, Buffer.from('abc'), 0);
      disk.write(id, Buffer.from('XY12'), 1);
    });
    expect(left).toEqual(new Set(['abc', 'aXc', 'aXY', 'aXY1', 'aXY12']));
  });

  it('leaves synced data, even under another name', () => {
    const left = afterKills((disk) => {
      const id = disk.create('/d/aside');
      disk.write(id, Buffer.from('whole'), 0);
      disk.sync(id);
      disk.rename('/d/aside', '/d/f');
    });
    expect(left).toEqual(new Set(['whole']));
  });

  it('leaves a prefix of the bytes of a text, too', () => {
    const left = afterKills((disk) => {
      const id = disk.create('/d/f');
      expect(disk.writeText(id, 'aé', 0)).toBe(3);
      disk.sync(id);
      expect(disk.writeText(id, 'xy', 3)).toBe(2);
    });
    expect(left).toEqual(new Set(['aé', 'aéx', 'aéxy']));
  });

  it('tears the same for the same seed', () => {
    const torn = (): string => {
      const disk = new SimulatedDisk('/d');
      disk.write(disk.create('/d/f'), Buffer.from('some text'), 0);
      disk.tear(Random.fromSeed('x'));
      return textOf(disk, '/d/f');
    };
    expect(torn()).toBe(torn());
  });
});

describe('files', () => {
  it('that are open outlive their names, and free their space afterwards', () => {
    const disk = new SimulatedDisk('/d', 2500);
    const block = Buffer.alloc(1000);
    for (let round = 0; round < 5; round++) {
      const id = disk.create('/d/f');
      expect(disk.write(id, block, 0)).toBe(true);
      disk.hold(id);
      disk.remove('/d/f');
      expect(disk.size(id)).toBe(block.length);
      disk.release(id);
    }
    const id = disk.create('/d/f');
    const written = [0, 1000, 2000].map((position) => disk.write(id, block, position));
    expect([written, disk.size(id)]).toEqual([[true, true, false], 2000]);
  });

  it('take no text for which there is no room', () => {
    const disk = new SimulatedDisk('/d', 300);
    const id = disk.create('/d/f');
    expect([disk.writeText(id, 'é'.repeat(150), 0), disk.writeText(id, 'x', 300), disk.size(id)]).toEqual([
      300, -1, 300,
    ]);
  });

  it('are found in their folders, and move with them', () => {
    const disk = new SimulatedDisk('/d');
    disk.makeFolder('/d/a');
    disk.create('/d/a/x');
    disk.create('/d/b');
    expect([disk.list('/d'), disk.list('/d/a')]).toEqual([['a', 'b'], ['x']]);
    disk.rename('/d/a', '/d/c');
    expect([disk.find('/d/c'), disk.find('/d/c/x') > FOLDER, disk.find('/d/a/x')]).toEqual([
      FOLDER,
      true,
      NOTHING,
    ]);
  });
});

describe('node:fs in a simulated node', () => {
  const source = (code: string): string =>
    `import fs from 'node:fs'; import { join } from 'node:path';
     const at = (name) => join(process.env.MAELSTROM_DATA_DIR, name);
     const tried = (call) => { try { return call(); } catch (error) { return error.code; } };
     ${code}`;

  it('writes, appends, reads, lists, renames and removes', async () => {
    const { lines, stderr } = await runSource({
      source: source(`
        fs.mkdirSync(at('a/b'), { recursive: true });
        fs.writeFileSync(at('a/b/f'), 'é1'); fs.appendFileSync(at('a/b/f'), Buffer.from('2'), { flush: true });
        console.log(fs.readFileSync(at('a/b/f'), 'utf8'), fs.readFileSync(at('a/b/f')).length, fs.statSync(at('a/b/f')).size);
        fs.renameSync(at('a/b/f'), at('g'));
        console.log(fs.readdirSync(at('')).join(), fs.existsSync(at('a/b/f')), fs.statSync(at('a')).isDirectory());
        fs.unlinkSync(at('g')); fs.rmSync(at('a'), { recursive: true });
        console.log(fs.readdirSync(at('')).length);`),
    });
    expect([lines, stderr]).toEqual([['é12 4 4', 'a,g false true', '0'], []]);
  });

  it('has descriptors with positions', async () => {
    const { lines } = await runSource({
      source: source(`
        const fd = fs.openSync(at('f'), 'w+');
        fs.writeSync(fd, 'hello'); fs.writeSync(fd, Buffer.from('xJx'), 1, 1, 0); fs.fsyncSync(fd); fs.writeSync(fd, '!');
        const target = Buffer.alloc(4);
        console.log(fs.readSync(fd, target, 0, 4, 1), target.toString(), fs.fstatSync(fd).size);
        fs.ftruncateSync(fd, 2); fs.closeSync(fd);
        console.log(fs.readFileSync(at('f'), 'utf8'), tried(() => fs.closeSync(fd)));`),
    });
    expect(lines).toEqual(['4 ello 6', 'Je EBADF']);
  });

  it('counts the bytes of a text, and writes a lone surrogate as Node does', async () => {
    const { lines } = await runSource({
      source: source(`
        const fd = fs.openSync(at('f'), 'w+');
        const counts = ['é', '\\ud800x', ''].map((text) => fs.writeSync(fd, text));
        fs.writeSync(fd, 'Z', 0); fs.writeSync(fd, '!', undefined, 'latin1');
        const log = fs.openSync(at('log'), 'a');
        fs.writeSync(log, 'one'); fs.writeSync(log, 'two');
        console.log(counts.join(), fs.readFileSync(at('f')).toString('hex'), fs.readFileSync(at('log'), 'utf8'));`),
    });
    expect(lines).toEqual(['2,4,0 5aa9efbfbd7821 onetwo']);
  });

  it('has callbacks and promises', async () => {
    const { lines } = await runSource({
      source: source(`
        await fs.promises.writeFile(at('f'), 'one');
        const file = await fs.promises.open(at('f'), 'a');
        await file.write('two'); await file.sync(); await file.close();
        console.log(await fs.promises.readFile(at('f'), { encoding: 'utf8' }));
        await fs.promises.readFile(at('none')).catch((error) => console.log(error.code, error.message));
        fs.readFile(at('f'), 'utf8', (error, text) => console.log(error, text));
        fs.readFile(at('none'), (error) => console.log(error.code));`),
    });
    expect(lines).toEqual([
      'onetwo',
      `ENOENT ENOENT: no such file or directory, open '/simulated/data/none'`,
      'null onetwo',
      'ENOENT',
    ]);
  });

  it("fails with Node's codes", async () => {
    const { lines } = await runSource({
      source: source(`
        fs.mkdirSync(at('d')); fs.writeFileSync(at('d/f'), '');
        console.log([
          () => fs.readFileSync(at('none')), () => fs.writeFileSync(at('none/f'), ''), () => fs.readFileSync(at('d')),
          () => fs.mkdirSync(at('d')), () => fs.openSync(at('d/f'), 'wx'), () => fs.rmdirSync(at('d')),
          () => fs.writeSync(fs.openSync(at('d/f')), 'x'), () => fs.readdirSync(at('d/f')),
        ].map(tried).join(' '));`),
    });
    expect(lines).toEqual(['ENOENT ENOENT EISDIR EEXIST EEXIST ENOTEMPTY EBADF ENOTDIR']);
  });

  it('is reached by process.getBuiltinModule, too', async () => {
    const { lines } = await runSource({
      source: `console.log(typeof process.getBuiltinModule('node:fs').openSync, process.getBuiltinModule('nothing'));`,
    });
    expect(lines).toEqual(['function undefined']);
  });
});
