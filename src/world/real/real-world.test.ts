/** Tests misbehaving programs, with real ones: small scripts, written by the tests. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { MemoryJournal } from '../../network/journal/memory-journal.ts';
import { NO_JOURNAL } from '../../network/journal/journal.ts';
import { Network } from '../../network/network.ts';
import { NodePort } from '../../network/node-port.ts';
import { ViolationLog } from '../../network/violations.ts';
import { NANOS_PER_MS } from '../clock.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { NodeEvents, NodeExit, NodeHandle } from '../world.ts';
import { RealWorld } from './real-world.ts';

const root = mkdtempSync(join(tmpdir(), 'real-world-test-'));
afterAll(() => rmSync(root, { recursive: true }));
let scripts = 0;

/** Writes an executable script; returns its path. */
function script(interpreter: string, text: string): string {
  const path = join(root, `script-${scripts++}`);
  writeFileSync(path, `#!${interpreter}\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}
const sh = (text: string): string => script('/bin/sh', text);
const js = (text: string): string => script(process.execPath, text);

/** A cluster with the client c1, which keeps or only counts the bodies that it gets. */
class Bench {
  readonly world = new RealWorld({ seed: 1 });
  readonly violations = new ViolationLog();
  readonly network: Network;
  readonly received: string[] = [];
  readonly exits: { readonly node: string; readonly exit: NodeExit }[] = [];
  readonly stderr: string[] = [];
  count = 0;
  keep = true;

  constructor(journal = NO_JOURNAL) {
    const { clock, random } = this.world;
    this.network = new Network({ clock, random, latency: { distribution: 'constant', meanMs: 0 }, journal });
    this.network.attach('c1', 'client', {
      deliver: ({ body }) => {
        this.count++;
        if (this.keep) this.received.push(body.toString());
      },
    });
  }

  start(
    name: string,
    bin: string,
    options: { logFile?: string; maxBacklogBytes?: number; wantsStderr?: boolean } = {},
  ): NodeHandle {
    const { network, violations } = this;
    const { logFile, maxBacklogBytes, wantsStderr } = options;
    const port = new NodePort({
      name,
      network,
      violations,
      onExit: (exit) => this.exits.push({ node: name, exit }),
      ...(maxBacklogBytes === undefined ? {} : { maxBacklogBytes }),
      ...(wantsStderr === true ? { onStderr: (line: string) => this.stderr.push(line) } : {}),
    });
    const handle = this.world.startNode(
      { name, bin, args: [], ...(logFile === undefined ? {} : { logFile }) },
      port,
    );
    port.connect(handle);
    network.attach(name, 'node', port);
    return handle;
  }

  send(dest: string, body: string): void {
    this.network.send('c1', dest, Buffer.from(body));
  }

  /** Resolves when `holds` returns true; fails when it does not within 20 s. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const { clock } = this.world;
    const giveUpAt = clock.nowNanos() + 20_000 * NANOS_PER_MS;
    const done = this.world.deferred<void>();
    const look = (): void => {
      if (holds()) done.resolve();
      else if (clock.nowNanos() > giveUpAt) done.reject(new Error(`waited in vain until ${what}`));
      else clock.schedule(clock.nowNanos() + 2 * NANOS_PER_MS, look);
    };
    look();
    await done.promise;
  }

  kinds(): string[] {
    return this.violations
      .list()
      .map(({ node, kind, line, count }) => `${node} ${kind} line ${line} x${count}`);
  }
}

const benches: Bench[] = [];
const bench = (journal = NO_JOURNAL): Bench => {
  const made = new Bench(journal);
  benches.push(made);
  return made;
};
afterEach(async () => {
  for (const made of benches.splice(0)) await made.world.close();
});

const message = (body: string, dest = 'c1', src = 'n1'): string =>
  `{"src":"${src}","dest":"${dest}","body":${body}}`;

class Silent implements NodeEvents {
  line(): void {}
  brokenLine(): void {}
  stdoutClosed(): void {}
  exit(): void {}
}

/** Processes, other than this one, whose command line holds that text. */
function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('stdin and stdout', () => {
  test('a message reaches a node as one line, with its id, and its reply comes back as it was written', async () => {
    const journal = new MemoryJournal();
    const b = bench(journal);
    b.start(
      'n1',
      sh(`read line; printf '%s\\n' "$line" >&2; printf '%s\\n' '${message('{"n" : 1.0e0}')}'; read rest`),
      {
        wantsStderr: true,
      },
    );
    b.send('n1', '{"type":"ä"}');
    await b.until('the answer is there', () => b.received.length === 1);
    expect(b.received).toEqual(['{"n" : 1.0e0}']);
    expect(b.stderr).toEqual(['{"id":0,"src":"c1","dest":"n1","body":{"type":"ä"}}']);
    expect(journal.message(1).body.toString()).toBe('{"n" : 1.0e0}');
    expect(b.kinds()).toEqual([]);
  });

  test('sockets replace pipes if mkfifo is missing', async () => {
    const b = bench();
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      b.start('n1', sh(`while read line; do echo '${message('{}')}'; done; exec >&-`));
    } finally {
      process.env['PATH'] = path;
    }
    for (let i = 0; i < 1000; i++) b.send('n1', '{}');
    await b.until('all are answered', () => b.count === 1000);
    expect(b.kinds()).toEqual([]);
  });

  test('a character split by a flush is restored', async () => {
    const b = bench();
    b.start(
      'n1',
      js(`const bytes = Buffer.from('${message('{"x":"aéz€"}')}\\n');
        let at = 0;
        const next = () => { if (at < bytes.length) process.stdout.write(bytes.subarray(at, ++at), next); };
        next(); process.stdin.resume();`),
    );
    await b.until('the message is there', () => b.received.length === 1);
    expect(b.received).toEqual(['{"x":"aéz€"}']);
  });

  test('a node that never reads its stdin loses what exceeds the limit, and is reported', async () => {
    const b = bench();
    const handle = b.start('n1', sh('sleep 1000'), { maxBacklogBytes: 100_000 });
    for (let i = 0; i < 100; i++) b.send('n1', `"${'x'.repeat(10_000)}"`);
    expect(handle.backlogBytes).toBeLessThan(120_000);
    expect(b.violations.list()).toMatchObject([{ node: 'n1', kind: 'not-reading', line: 0 }]);
  });

  test('a node that closes its stdin, or has exited, does no harm to its senders', async () => {
    const b = bench();
    const handle = b.start('n1', sh(`exec <&-; echo '${message('{}')}'; sleep 1000`));
    await b.until('its stdin is closed', () => b.received.length === 1);
    for (let i = 0; i < 100; i++) b.send('n1', `"${'x'.repeat(10_000)}"`);
    await b.until('the pipe has broken', () => handle.backlogBytes === 0);
    b.send('n1', '{}');
    expect(handle.running).toBe(true);
    await b.until('it is reported', () => b.violations.total > 0);
    expect(b.kinds()).toEqual(['n1 stdin-closed line 0 x1']);
  });

  test('two nodes that write 12 MiB to each other before they read do not wait forever', async () => {
    const b = bench();
    const flooder = (self: string, peer: string): string =>
      js(`const fs = require('fs');
        const line = Buffer.from('{"src":"${self}","dest":"${peer}","body":{"pad":"' + 'x'.repeat(65500) + '"}}\\n');
        const put = (bytes) => { for (let at = 0; at < bytes.length; ) at += fs.writeSync(1, bytes, at); };
        for (let i = 0; i < 200; i++) put(line);
        let lines = 0;
        const buffer = Buffer.alloc(65536);
        while (lines < 200) {
          const n = fs.readSync(0, buffer);
          for (let i = 0; i < n; i++) if (buffer[i] === 10) lines++;
        }
        put(Buffer.from('{"src":"${self}","dest":"c1","body":{"lines":' + lines + '}}\\n'));
        process.stdin.resume();`);
    b.start('n1', flooder('n1', 'n2'));
    b.start('n2', flooder('n2', 'n1'));
    await b.until('both have read everything', () => b.received.length === 2);
    expect(b.received).toEqual(['{"lines":200}', '{"lines":200}']);
    expect(b.kinds()).toEqual([]);
  });

  test('a fast sender waits for a slow reader: nothing is lost, and the backlog stays small', async () => {
    const b = bench();
    const slow = b.start(
      'n2',
      js(`let lines = 0;
        process.stdin.on('data', (chunk) => {
          for (const byte of chunk) if (byte === 10) lines++;
          if (lines === 3000) process.stdout.write('${message('{"lines":3000}', 'c1', 'n2')}\\n');
          process.stdin.pause();
          setTimeout(() => process.stdin.resume(), 1);
        });`),
    );
    b.start(
      'n1',
      sh(`line='${message(`"${'x'.repeat(9000)}"`.replace(/.*/, '{"x":$&}'), 'n2')}'
      i=0; while [ $i -lt 3000 ]; do printf '%s\\n' "$line"; i=$((i+1)); done; read rest`),
    );
    let most = 0;
    await b.until('everything is read', () => {
      most = Math.max(most, slow.backlogBytes);
      return b.received.length === 1;
    });
    expect(most).toBeGreaterThan(256 * 1024);
    expect(most).toBeLessThan(10 * 1024 * 1024);
    expect(b.kinds()).toEqual([]);
  });
});

describe('hostile output', () => {
  test('bytes that are not UTF-8 and NUL bytes are reported by line, and the rest is delivered', async () => {
    const b = bench();
    b.start(
      'n1',
      sh(`printf '{"src":"n1","dest":"c1","body":{"x":"\\377"}}\\n'
        printf '\\000\\000\\n'
        printf 'Hello\\n'
        echo '${message('{}', 'n7')}'
        echo '${message('{}', 'c1', 'n2')}'
        echo '${message('{"good":1}')}'; read rest`),
    );
    await b.until('the good line is there', () => b.received.length === 1);
    expect(b.received).toEqual(['{"good":1}']);
    expect(b.kinds()).toEqual([
      'n1 not-utf8 line 1 x1',
      'n1 not-json line 2 x2',
      'n1 unknown-dest line 4 x1',
      'n1 wrong-src line 5 x1',
    ]);
  });

  test('a line of 64 MiB is one violation; the next line is a line again', async () => {
    const b = bench();
    b.start('n1', sh(`head -c 67108864 /dev/zero | tr '\\0' x; echo; echo '${message('{}')}'; read rest`));
    await b.until('the next line is there', () => b.received.length === 1);
    expect(b.kinds()).toEqual(['n1 line-too-long line 1 x1']);
    expect(b.violations.list()[0]?.sample).toMatch(/^x{200}\.\.\.$/);
  });

  test('a line that never ends is one violation, in bounded memory', async () => {
    const b = bench();
    b.start('n1', sh(`tr '\\0' x < /dev/zero`));
    const before = process.memoryUsage().arrayBuffers;
    await b.until('it is reported', () => b.violations.total > 0);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024);
    expect(b.kinds()).toEqual(['n1 line-too-long line 1 x1']);
  });

  test('a flood of a million lines is counted completely, in bounded memory', async () => {
    const b = bench();
    b.keep = false;
    b.start(
      'n1',
      sh(`yes '${message('{"type":"flood"}')}' | head -n 1000000; yes garbage | head -n 1000; read rest`),
    );
    await b.until('all are there', () => b.count === 1_000_000 && b.violations.total === 1000);
    expect(b.kinds()).toEqual(['n1 not-json line 1000001 x1000']);
    expect(process.memoryUsage().rss).toBeLessThan(500 * 1024 * 1024);
  });

  test('200 MB on stderr are cut in the log, and do not stop the node', async () => {
    const b = bench();
    const logFile = join(root, 'flood.log');
    b.start(
      'n1',
      sh(`head -c 200000000 /dev/zero | tr '\\0' x >&2; echo '${message('{}')}'; echo last >&2; exit 4`),
      { logFile },
    );
    await b.until('it has ended', () => b.exits.length === 1);
    expect(b.received).toEqual(['{}']);
    expect(statSync(logFile).size).toBeLessThan(65 * 1024 * 1024);
    expect(readFileSync(logFile, 'latin1').trimEnd()).toMatch(
      /cut here: more than 67108864 bytes were printed on stderr$/,
    );
    expect(b.exits[0]?.exit.code).toBe(4);
    expect(b.exits[0]?.exit.lastStderr.at(-1)).toMatch(/xlast$/);
  });

  test('a last line without a newline is not a message', async () => {
    const b = bench();
    b.start('n1', sh(`printf '%s' '${message('{}')}'; exit 0`));
    await b.until('it has ended', () => b.exits.length === 1);
    expect(b.received).toEqual([]);
    expect(b.kinds()).toEqual(['n1 line-unfinished line 1 x1']);
  });

  test('output after the last newline of a running node is known', async () => {
    const b = bench();
    const handle = b.start(
      'n1',
      sh(`printf '%s\\n%s' '${message('{}')}' '{"src":'; read line; echo; sleep 1000`),
    );
    await b.until('it has printed', () => handle.unfinishedLine !== undefined);
    expect(handle.unfinishedLine).toMatchObject({ bytes: 7, beginning: '{"src":' });
    b.send('n1', '{}');
    await b.until('it has ended the line', () => b.violations.total > 0);
    expect(handle.unfinishedLine).toBe(undefined);
  });

  test('a node that closes its stdout and continues is reported', async () => {
    const b = bench();
    b.start('n1', sh(`echo '${message('{}')}'; exec >&-; sleep 1000`));
    await b.until('it is reported', () => b.violations.total > 0);
    expect(b.kinds()).toEqual(['n1 stdout-closed line 1 x1']);
  });
});

describe('the end of a process', () => {
  test('an immediate exit is reported with its code and its last words, after its messages', async () => {
    const b = bench();
    const handle = b.start(
      'n1',
      sh(`echo '${message('{}')}'; echo 'one' >&2; echo two > /dev/stderr; exit 3`),
    );
    await b.until('it has ended', () => b.exits.length === 1);
    expect(b.received).toEqual(['{}']);
    expect(b.exits).toEqual([
      { node: 'n1', exit: { code: 3, signal: null, lastStderr: ['one', 'two'], cause: [] } },
    ]);
    expect(handle.running).toBe(false);
  });

  test('a kill from outside is reported with the signal', async () => {
    const b = bench();
    b.start('n1', sh(`read line; kill -9 $$`));
    b.send('n1', '{}');
    await b.until('it has ended', () => b.exits.length === 1);
    expect(b.exits[0]?.exit).toEqual({ code: null, signal: 'SIGKILL', lastStderr: [], cause: [] });
  });

  test('a program that cannot run is refused before anything is started', () => {
    const b = bench();
    expect(() => b.start('n1', join(root, 'missing'))).toThrow(UserError);
    expect(() =>
      b.world.startNode({ name: 'n1', bin: sh(''), args: ['x'.repeat(3e6)] }, new Silent()),
    ).toThrow(/^n1 \(.*\) cannot be started: spawn E2BIG/);
  });

  test('kill ends a node and what it started; no exit is reported, and messages to it vanish', async () => {
    const b = bench();
    const handle = b.start('n1', sh(`sleep 98761 & echo '${message('{}')}'; cat > /dev/null`));
    await b.until('it runs', () => b.received.length === 1);
    handle.kill();
    expect(handle.running).toBe(false);
    b.send('n1', '{}');
    await b.until('all are gone', () => processesWith('sleep\u000098761').length === 0);
    await handle.stop();
    expect(b.exits).toEqual([]);
  });

  test('messages to a paused node wait until it is resumed', async () => {
    const b = bench();
    const handle = b.start('n1', sh(`while read line; do echo '${message('{}')}'; done`));
    b.send('n1', '{}');
    await b.until('it has answered', () => b.received.length === 1);
    handle.pause();
    b.send('n1', '{}');
    b.start('n2', sh(`while read line; do echo '${message('{"n":2}', 'c1', 'n2')}'; done`));
    b.send('n2', '{}');
    await b.until('the other one has answered', () => b.received.length === 2);
    expect(b.received).toEqual(['{}', '{"n":2}']);
    handle.resume();
    await b.until('it has answered again', () => b.received.length === 3);
  });

  test('a paused node can be stopped', async () => {
    const b = bench();
    const handle = b.start('n1', sh(`sleep 98762`));
    handle.pause();
    await handle.stop();
    expect(processesWith('sleep\u000098762')).toEqual([]);
  });

  test('a node that ignores SIGTERM and the end of its stdin is ended by force', async () => {
    const b = bench();
    const path = sh(`trap '' TERM HUP INT; echo '${message('{}')}'; while :; do sleep 1; done`);
    const handle = b.start('n1', path);
    await b.until('it runs', () => b.received.length === 1);
    await handle.stop();
    expect(processesWith(path)).toEqual([]);
    expect(b.exits).toEqual([]);
  });

  test.each([
    ['what it kept in a buffer', `process.stdin.resume().on('end', () => console.log('kept'))`, 'kept'],
    ['nothing, if it goes on', `process.stdin.resume(); setInterval(() => {}, 1000)`, undefined],
    ['nothing, if it ends without a word', `process.stdin.resume()`, undefined],
  ])('a node whose stdin is closed prints %s, and that is no event', async (_, source, printed) => {
    const b = bench();
    const handle = b.start('n1', js(source));
    expect(await handle.printsAtEnd?.()).toBe(printed);
    await handle.stop();
    expect(b.exits).toEqual([]);
    expect(b.violations.list()).toEqual([]);
  });

  test.runIf(process.platform === 'linux')(
    'the advice on flushing is for the language of a program that a script starts',
    async () => {
      const b = bench();
      const handle = b.start('n1', sh(`awk '{ print }'; true`));
      await b.until('awk runs', () => handle.flushAdvice?.()?.includes('in awk by fflush()') === true);
      await handle.stop();
    },
  );

  test('stop is polite first: the output of a node at SIGTERM is in its log', async () => {
    const b = bench();
    const logFile = join(root, 'polite.log');
    const handle = b.start(
      'n1',
      js(`process.on('SIGTERM', () => { console.error('farewell'); process.exit(0); });
        process.stdin.on('end', () => {}).resume(); setInterval(() => {}, 1000);
        process.stdout.write('${message('{}')}\\n');`),
      { logFile },
    );
    await b.until('it runs', () => b.received.length === 1);
    await handle.stop();
    expect(readFileSync(logFile, 'utf8')).toBe('farewell\n');
  });

  test.runIf(existsSync('/proc/self/environ'))(
    'grandchildren do not outlive a stop, a crash, or the end of the world, even in their own group',
    async () => {
      const b = bench();
      const leaver = js(`const { spawn } = require('child_process');
        for (const seconds of ['98763', '98764']) spawn('sleep', [seconds], { detached: seconds === '98763', stdio: 'ignore' });
        process.stdout.write('${message('{}')}\\n');
        process.stdin.on('data', () => process.exit(1));`);
      const handle = b.start('n1', leaver);
      await b.until('it runs', () => b.received.length === 1);
      expect(processesWith('sleep\u00009876')).toHaveLength(2);
      await handle.stop();
      expect(processesWith('sleep\u00009876')).toEqual([]);

      b.start('n2', leaver.replace('"n1"', '"n2"'));
      b.send('n2', '{}');
      await b.until('it has crashed', () => b.exits.length === 1);
      await b.world.close();
      expect(processesWith('sleep\u00009876')).toEqual([]);
    },
  );
});
