import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { OpenedClient } from '../history/client-book.ts';
import { RUN_FILES } from './layout.ts';
import { clientLine, readClients, RunClients } from './run-clients.ts';
import { writeZero } from './run-zero.ts';

const folder = mkdtempSync(join(tmpdir(), 'run-clients-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, RUN_FILES.clients);
mkdirSync(dirname(file), { recursive: true });
writeZero(folder, 100);

const client = (name: string, process: number | null, node: string, time: number): OpenedClient => ({
  name,
  process,
  node,
  time,
});

describe('the clients of a stored run', () => {
  it('are the opened ones, with times that count from the first operations', () => {
    writeFileSync(file, [client('c0', null, 'n1', 5), client('c1', 0, 'n2', 100)].map(clientLine).join(''));
    const clients = readClients(folder);
    expect(clients.client('c0')).toEqual(client('c0', null, 'n1', -95));
    expect(clients.nodeOf({ process: 0, time: 0 })).toBe('n2');
    expect(clients.nodeOf({ process: 0, time: -1 })).toBeUndefined();
    expect(clients.nodeOf({ process: 1, time: 50 })).toBeUndefined();
    expect(clients.nodeOf({ process: 'nemesis', time: 50 })).toBeUndefined();
  });

  it('are read on from where the file ended, an incomplete line when it is complete', () => {
    writeFileSync(file, clientLine(client('c1', 0, 'n2', 100)));
    const clients = new RunClients(folder);
    clients.refresh();
    const next = clientLine(client('c2', 0, 'n3', 300));
    appendFileSync(file, next.slice(0, 10));
    clients.refresh();
    expect(clients.book.nodeOf({ process: 0, time: 200 })).toBe('n2');
    appendFileSync(file, next.slice(10));
    clients.refresh();
    expect(clients.book.nodeOf({ process: 0, time: 200 })).toBe('n3');
    expect(clients.book.nodeOf({ process: 0, time: 199 })).toBe('n2');
  });

  it('are empty if the file is missing, and invalid lines are skipped', () => {
    rmSync(file, { force: true });
    expect(readClients(folder).client('c1')).toBeUndefined();
    const bad = ['no json', '{"name":"c9"}', '[]', '{"name":1,"process":0,"node":"n1","time":0}', ''];
    writeFileSync(file, `${bad.join('\n')}\n${clientLine(client('c1', 3, 'n1', 100))}`);
    expect(readClients(folder).nodeOf({ process: 3, time: 0 })).toBe('n1');
  });
});
