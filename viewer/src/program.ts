/** How this Maelstrom is called where it was started, for commands that are shown: `./maelstrom`, `npx maelstrom`. */
import { signal } from '@preact/signals';
import { get } from './source/get-json.ts';

export const program = signal('maelstrom');

/** Of the server. One that does not say it leaves the name of the command. */
export async function askProgram(): Promise<void> {
  try {
    ({ program: program.value } = await get<{ readonly program: string }>('/api/program'));
  } catch {
    // The page says elsewhere that the server does not answer.
  }
}
