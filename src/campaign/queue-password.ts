/** The password of a queue, kept out of what other users of the machine see. */
import { withoutPassword } from './redis-address.ts';

/** Where it is read from when the address has none. */
export const PASSWORD_VARIABLE = 'MAELSTROM_QUEUE_PASSWORD';

/** Takes it out of the words of this process, as `ps` shows them. */
export function hideQueuePassword(address: string): void {
  const hidden = withoutPassword(address);
  if (hidden === address) return;
  process.title = ['node', ...process.argv.slice(1)]
    .map((word) => word.replaceAll(address, hidden))
    .join(' ');
}
