// An echo node that prints in every way the console offers, all of which belongs in its log.
import { type Json, Node } from 'maelstrom/node';

console.log('before there is a node');

const node = new Node();
node.on('echo', (body: { echo: Json }) => {
  console.log('log', body.echo);
  console.info('info');
  console.debug('debug');
  console.dir({ dir: 1 });
  console.dirxml('dirxml');
  console.table([{ table: 1 }]);
  console.count('count');
  console.group('group');
  console.groupEnd();
  console.time('time');
  console.timeLog('time');
  console.timeEnd('time');
  return { echo: body.echo };
});
