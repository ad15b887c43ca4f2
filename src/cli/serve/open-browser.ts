/** Opens a page in the user's browser. If there is none, does nothing, since the address was printed. */
import { spawn } from 'node:child_process';

export function openBrowser(url: string): void {
  const [command, words] = openerOf(process.platform, url);
  const child = spawn(command, words, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

function openerOf(platform: NodeJS.Platform, url: string): readonly [string, readonly string[]] {
  switch (platform) {
    case 'darwin':
      return ['open', [url]];
    case 'win32':
      return ['cmd', ['/c', 'start', '', url]];
    default:
      return ['xdg-open', [url]];
  }
}
