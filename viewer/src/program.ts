/** The command that started this Maelstrom, for commands shown to the user: `./maelstrom`, `npx maelstrom`. */
import { signal } from '@preact/signals';
import { get } from './source/get-json.ts';

export const program = signal('maelstrom');

/** Asks the server for the command. `maelstrom` remains if it does not answer. */
export async function askProgram(): Promise<void> {
  try {
    ({ program: program.value } = await get<{ readonly program: string }>('/api/program'));
  } catch {
    // The page reports elsewhere that the server does not answer.
  }
}
