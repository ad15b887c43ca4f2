/** The runs that are being stepped through, indexed by folder; only the most recent ones are held. */
import { packageFile } from '../harness/package-folder.ts';
import { Recent } from '../recording/recent.ts';
import { Refusal } from './refusal.ts';
import type { TravelAnswers, TravelAsk, TravelHost, TravelRequests } from './process/travel-messages.ts';

/** Maximum number of runs held, each of which is a process with a simulated world. */
const MOST = 2;

export class Travels {
  private readonly held = new Recent<TravelHost>(MOST, (host) => host.close());

  /** `open` starts holding a run; other requests are refused unless the run is held. */
  async ask<Ask extends TravelAsk>(
    folder: string,
    ask: Ask,
    request: TravelRequests[Ask],
  ): Promise<TravelAnswers[Ask]> {
    let host = this.held.get(folder);
    if (host === undefined) {
      if (ask !== 'open')
        throw new Refusal(
          410,
          'This run is not held: nothing was asked for minutes, or others were looked at. Open it again.',
        );
      host = await this.hold(folder);
    }
    try {
      return await host.ask(ask, request);
    } catch (error) {
      // A run that cannot be opened is not held, so that it can be tried again.
      if (ask === 'open') this.close(folder);
      throw error;
    }
  }

  close(folder: string): void {
    this.held.get(folder)?.close();
    this.held.delete(folder);
  }

  closeAll(): void {
    for (const folder of this.held.keys()) this.close(folder);
  }

  private async hold(folder: string): Promise<TravelHost> {
    const host = await startHost(folder, () => {
      if (this.held.get(folder) === host) this.held.delete(folder);
    });
    const other = this.held.get(folder);
    if (other !== undefined) {
      // Another viewer has opened it meanwhile.
      host.close();
      return other;
    }
    this.held.set(folder, host);
    return host;
  }
}

async function startHost(folder: string, onGone: () => void): Promise<TravelHost> {
  if (isBuilt) {
    const { TravelProcess } = await import('./process/travel-process.ts');
    return new TravelProcess(packageFile('dist/travel-worker.js'), folder, onGone);
  }
  const { TravelDesk } = await import('./process/travel-desk.ts');
  return new TravelDesk(folder);
}

/** Unit tests run the sources, which have no built worker next to them. */
const isBuilt = !import.meta.url.endsWith('.ts');
