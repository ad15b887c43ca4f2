/** Stepping without a browser: the position, the requests made for it, and what happens when the server's process ends. */
import { describe, expect, test } from 'vitest';
import { present } from '../../../src/columns/present.ts';
import { Refusal, SmallTravel, type SmallTravelOptions } from '../../../test/support/small-travel.ts';
import { writeForks } from './forks.ts';
import { Stepper } from './stepper.ts';
import { TravelRefusal, type TravelSource } from './travel-source.ts';

interface Opened {
  readonly stepper: Stepper;
  readonly server: SmallTravel;
}

function overHttp(server: SmallTravel): TravelSource {
  const ask = async <Answer>(route: string, request: object): Promise<Answer> => {
    await Promise.resolve();
    try {
      return server.answer(route, JSON.parse(JSON.stringify(request))) as Answer;
    } catch (error) {
      if (error instanceof Refusal) throw new TravelRefusal(error.message, error.status);
      throw error;
    }
  };
  return {
    open: () => ask('open', {}),
    seek: (request) => ask('seek', request),
    events: (request) => ask('events', request),
    branch: (request) => ask('branch', request),
    save: (request) => ask('save', request),
  };
}

async function opened(event = 0, options: SmallTravelOptions = {}): Promise<Opened> {
  const server = new SmallTravel(options);
  const stepper = new Stepper(overHttp(server), () => Promise.resolve());
  await stepper.open([], { kind: 'event', event });
  return { stepper, server };
}

const at = (stepper: Stepper): number | undefined => stepper.position.value?.event;

describe('steps', () => {
  test('forward and back show the same, and so does the event by its number', async () => {
    const { stepper } = await opened(12);
    const before = stepper.position.value;
    await stepper.go({ kind: 'by', by: 7 });
    expect(at(stepper)).toBe(19);
    expect(stepper.position.value).not.toEqual(before);
    await stepper.go({ kind: 'by', by: -7 });
    expect(stepper.position.value).toEqual(before);
    await stepper.go({ kind: 'event', event: 40 });
    await stepper.go({ kind: 'event', event: 12 });
    expect(stepper.position.value).toEqual(before);
  });

  test('of a node are its own, and stop at both ends', async () => {
    const { stepper, server } = await opened(0, { rounds: 4 });
    await stepper.go({ kind: 'by', by: 1, node: 'n2' });
    expect(at(stepper)).toBe(3);
    expect(server.asked).toContain(
      'seek {"line":"recorded","to":{"kind":"step","by":1,"node":"n2","from":0}}',
    );
    await stepper.go({ kind: 'by', by: 100 });
    expect(at(stepper)).toBe(11);
    await stepper.go({ kind: 'by', by: -100 });
    expect(at(stepper)).toBe(0);
  });

  test('requested while one is in flight are sent together, and none is lost', async () => {
    const { stepper, server } = await opened(10);
    server.asked.length = 0;
    await Promise.all(Array.from({ length: 20 }, () => stepper.go({ kind: 'by', by: 1 })));
    await stepper.go({ kind: 'by', by: 0 });
    expect(at(stepper)).toBe(30);
    const seeks = server.asked.filter((each) => each.startsWith('seek'));
    expect(seeks.length).toBeLessThanOrEqual(3);
  });

  test('show the surrounding events, at both ends too', async () => {
    const { stepper } = await opened(0);
    const shown = (): number[] => stepper.around.value.map(({ event }) => event);
    expect(shown()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    await stepper.go({ kind: 'event', event: 63 });
    expect([shown()[0], shown().at(-1)]).toEqual([59, 70]);
    await stepper.go({ kind: 'event', event: 119 });
    expect([shown()[0], shown().at(-1)]).toEqual([108, 119]);
  });
});

describe('opening', () => {
  test('waits until the run has been repeated', async () => {
    const { stepper, server } = await opened(5, { preparing: 3 });
    expect(server.asked.filter((each) => each.startsWith('open')).length).toBe(4);
    expect(at(stepper)).toBe(5);
  });

  test('requests no step before the run is ready', async () => {
    const server = new SmallTravel({ preparing: 2 });
    const stepper = new Stepper(overHttp(server), async () => {
      await stepper.go({ kind: 'by', by: 1 });
      expect(server.asked.filter((each) => each.startsWith('seek'))).toEqual([]);
    });
    await stepper.open([], { kind: 'event', event: 5 });
    expect([at(stepper), stepper.problem.value]).toEqual([5, '']);
  });

  test('reports why the run cannot be stepped through, and can be retried', async () => {
    const server = new SmallTravel();
    const source = overHttp(server);
    let isThere = false;
    const stepper = new Stepper({
      ...source,
      open: () => (isThere ? source.open() : Promise.reject(new TravelRefusal('The program is gone.', 409))),
    });
    await stepper.open([], { kind: 'event', event: 3 });
    expect(stepper.opening.value).toEqual({ kind: 'refused', problem: 'The program is gone.' });
    isThere = true;
    await stepper.open([], { kind: 'event', event: 3 });
    expect(at(stepper)).toBe(3);
  });
});

describe('a branch', () => {
  const drop = { kind: 'drop' as const, message: 5 };

  test('is stepped through next to the original, and a branch of it next to the branch', async () => {
    const { stepper } = await opened(15);
    const first = present(await stepper.branch(drop));
    // Making a branch does not change the position.
    expect([at(stepper), stepper.line.value?.id]).toEqual([15, 'recorded']);
    await stepper.enter(first.line.id, 16);
    expect([at(stepper), stepper.line.value?.id]).toEqual([16, first.line.id]);
    const second = present(await stepper.branch({ kind: 'crash', node: 'n1' }));
    expect([second.of, second.at]).toEqual([first.line.id, 16]);
    await stepper.enter(second.line.id);
    expect(writeForks(stepper.forks.value)).toBe('drop.15.5*crash.16..n1');
    await stepper.enter('recorded', 15);
    expect(stepper.position.value?.line).toBe('recorded');
  });

  test('that cannot be made is reported, and the position stays', async () => {
    const { stepper } = await opened(15);
    expect(await stepper.branch({ kind: 'drop', message: 900 })).toBeUndefined();
    expect(stepper.problem.value).toBe('There is no message 900.');
    expect(stepper.branches.value).toEqual([]);
    await stepper.go({ kind: 'by', by: 1 });
    expect([at(stepper), stepper.problem.value]).toEqual([16, '']);
  });

  test('of a link is made again from the path to it, and existing ones are not made twice', async () => {
    const { stepper, server } = await opened(15);
    const forks = [
      { at: 15, change: drop },
      { at: 20, change: { kind: 'crash' as const, node: 'n2', restartAfterMs: 50 } },
    ];
    const branchesAsked = (): number => server.asked.filter((each) => each.startsWith('branch')).length;
    await stepper.open(forks, { kind: 'event', event: 30 });
    expect([at(stepper), branchesAsked(), stepper.branches.value.length]).toEqual([30, 2, 2]);
    expect(stepper.line.value?.id).toBe(stepper.position.value?.line);
    await stepper.open(forks, { kind: 'event', event: 31 });
    expect([at(stepper), branchesAsked()]).toEqual([31, 2]);
  });

  test('of a link that cannot be made leaves the run itself, and says so', async () => {
    const { stepper } = await opened();
    await stepper.open([{ at: 1, change: { kind: 'drop', message: 900 } }], { kind: 'event', event: 7 });
    expect([at(stepper), stepper.line.value?.id]).toEqual([7, 'recorded']);
    expect(stepper.problem.value).toContain('There is no message 900.');
  });

  test('is saved, and is known as saved even if the server has made it anew', async () => {
    const { stepper, server } = await opened(15);
    const made = present(await stepper.branch(drop));
    await stepper.save(made.line.id);
    expect(stepper.savedOf(made.line.id)?.run).toContain('broadcast/');
    await stepper.enter(made.line.id);
    server.endProcess();
    await stepper.go({ kind: 'by', by: 1 });
    const again = present(stepper.line.value).id;
    expect(again).not.toBe(made.line.id);
    expect(stepper.savedOf(again)?.run).toContain('broadcast/');
  });
});

describe('when the process that held the run was ended', () => {
  test('the step is still taken, in the current branch', async () => {
    const { stepper, server } = await opened(15);
    const made = present(await stepper.branch({ kind: 'drop', message: 5 }));
    await stepper.enter(made.line.id, 20);
    server.endProcess();
    await stepper.go({ kind: 'by', by: 3 });
    expect([at(stepper), stepper.problem.value]).toEqual([23, '']);
    expect(writeForks(stepper.forks.value)).toBe('drop.15.5');
    expect(stepper.position.value?.line).toBe(stepper.line.value?.id);
  });

  test('a branch is still made and saved', async () => {
    const { stepper, server } = await opened(15);
    server.endProcess();
    const made = present(await stepper.branch({ kind: 'drop', message: 5 }));
    server.endProcess();
    await stepper.save(made.line.id);
    expect(stepper.problem.value).toBe('');
  });

  test('repeatedly by the same request, that is reported', async () => {
    const server = new SmallTravel();
    const source = overHttp(server);
    const stepper = new Stepper({
      ...source,
      seek: (request) =>
        'to' in request && request.to.kind === 'step'
          ? Promise.reject(new TravelRefusal('The process was ended: n1 never yields.', 410))
          : source.seek(request),
    });
    await stepper.open([], { kind: 'event', event: 3 });
    await stepper.go({ kind: 'by', by: 1 });
    expect([at(stepper), stepper.problem.value]).toEqual([3, 'The process was ended: n1 never yields.']);
  });
});
