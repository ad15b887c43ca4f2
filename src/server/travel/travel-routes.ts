/**
 * Stepping through a run, as described in recording/travel-view.ts. Every request may run the program, so all are
 * POSTs, which only pages of this server may send (http/guard.ts).
 */
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { SaveRequest, SavedBranch } from '../../recording/travel-view.ts';
import { Refusal } from '../../travel/refusal.ts';
import type { TravelAsk, TravelRequests } from '../../travel/process/travel-messages.ts';
import type { Travels } from '../../travel/travels.ts';
import type { OpenedRuns } from '../http/opened-runs.ts';

/** A request contains only a few numbers and names. */
const LONGEST_REQUEST = 16 * 1024;

const ASKS = ['open', 'seek', 'events', 'branch'] as const satisfies readonly TravelAsk[];

export interface TravelRoutesOptions {
  readonly store: string;
  readonly runs: OpenedRuns;
  readonly travels: Travels;
}

export function travelRoutes({ store, runs, travels }: TravelRoutesOptions): Hono {
  const app = new Hono();
  app.use(
    bodyLimit({
      maxSize: LONGEST_REQUEST,
      onError: (context) =>
        context.json({ error: `The request is longer than ${LONGEST_REQUEST} bytes.` }, 413),
    }),
  );
  app.onError((error, context) => {
    if (!(error instanceof Refusal)) throw error;
    const { message, hint, status } = error;
    return context.json({ error: hint === undefined ? message : `${message} ${hint}` }, status);
  });
  for (const ask of ASKS) {
    app.post(`/${ask}`, (context) =>
      runs.about(context, async ({ folder }) => {
        // Its content is checked where it is answered.
        const request = (await requestOf(context)) as TravelRequests[typeof ask];
        return context.json(await travels.ask(folder, ask, request));
      }),
    );
  }
  app.post('/save', (context) =>
    runs.about(context, async ({ folder }) => {
      const { line } = (await requestOf(context)) as SaveRequest; // checked where it is answered
      const saved = await save(travels, folder, store, line);
      console.log(`A branch was saved: ${saved.folder}`);
      return context.json(saved);
    }),
  );
  app.post('/close', (context) =>
    runs.about(context, ({ folder }) => {
      travels.close(folder);
      return context.json({});
    }),
  );
  return app;
}

async function save(
  travels: Travels,
  folder: string,
  store: string,
  line: SaveRequest['line'],
): Promise<SavedBranch> {
  const { saveBranch } = await import('../../travel/branches/save-branch.ts');
  return saveBranch({
    store,
    scenario: (target) => travels.ask(folder, 'scenario', { line, folder: target }),
  });
}

async function requestOf(context: Context): Promise<object> {
  const text = await context.req.text();
  let read: unknown;
  try {
    read = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new Refusal(400, 'The request is not JSON.');
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw new Refusal(400, 'The request is not a JSON object.');
  return read;
}
