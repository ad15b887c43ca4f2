/** Keeps the password of a queue from other users of the machine. */
import { withoutPassword } from './redis-address.ts';

/** Environment variable that holds the password when the address has none. */
export const PASSWORD_VARIABLE = 'MAELSTROM_QUEUE_PASSWORD';

/** Removes the password from this process's command line, as shown by `ps`. */
export function hideQueuePassword(address: string): void {
  const hidden = withoutPassword(address);
  if (hidden === address) return;
  process.title = ['node', ...process.argv.slice(1)]
    .map((word) => word.replaceAll(address, hidden))
    .join(' ');
}
