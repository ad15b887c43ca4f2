/**
 * The reference pages with their pictures, made from the declarations that the program itself uses: docs/protocol.md,
 * docs/workloads.md, docs/services.md, and those in docs/reference.
 */
import { consistencyModels } from '../../checkers/elle/levels/consistency-models.ts';
import { judgeExample } from '../../report/glossary/judge-example.ts';
import { latticePicture } from '../../report/glossary/lattice-picture.ts';
import { svgFile, type Picture } from '../../report/svg/svg.ts';
import { GENERATED } from './markdown.ts';
import { anomaliesPage, drawnEntries } from './pages/anomalies-page.ts';
import { errorsPage } from './pages/errors-page.ts';
import { faultsPage } from './pages/faults-page.ts';
import { LATTICE_FILE, modelsPage } from './pages/models-page.ts';
import { describedCommands } from '../commands.ts';
import { optionsPage } from './pages/options-page.ts';
import { protocolPage } from './pages/protocol-page.ts';
import { resultsPage } from './pages/results-page.ts';
import { servicesPage } from './pages/services-page.ts';
import { workloadsPage } from './pages/workloads-page.ts';

export interface ReferencePage {
  /** The file's path in docs/. */
  readonly name: string;
  readonly text: string;
}

export async function referencePages(): Promise<readonly ReferencePage[]> {
  const commands = await describedCommands();
  return [
    { name: 'protocol.md', text: protocolPage() },
    { name: 'workloads.md', text: workloadsPage() },
    { name: 'services.md', text: servicesPage() },
    { name: 'reference/README.md', text: CONTENTS },
    { name: 'reference/anomalies.md', text: anomaliesPage() },
    { name: 'reference/errors.md', text: errorsPage() },
    { name: 'reference/faults.md', text: faultsPage() },
    { name: 'reference/models.md', text: modelsPage() },
    { name: 'reference/options.md', text: optionsPage(commands) },
    { name: 'reference/results.md', text: resultsPage() },
    { name: LATTICE_FILE, text: pictureFile(latticePicture(consistencyModels())) },
    ...drawnEntries().map(({ name, file, example }) => ({
      name: file,
      text: pictureFile(judgeExample(name, example).picture),
    })),
  ];
}

const pictureFile = (picture: Picture): string => `${GENERATED}\n${svgFile(picture)}`;

const CONTENTS = `
${GENERATED}

# Reference

Written by \`maelstrom doc\` from the code itself. \`maelstrom help TOPIC\` prints the same in brief: of a workload, a service, a fault, an
error, an anomaly, a model, an option, a key of the results, a file of a run.

- [The protocol](../protocol.md): messages, what counts as wrong, what nodes may say
- [Workloads](../workloads.md): each with its requests, how they are made, what is checked, options, keys of its results
- [Services](../services.md): stores that nodes may lean on, with examples
- [Results](results.md): every file of a run, every key of its results
- [Options](options.md) of all commands
- [Faults](faults.md)
- [Errors](errors.md)
- [Models](models.md): consistency models and their lattice, and the models of \`maelstrom check\`
- [Anomalies](anomalies.md): a glossary, each drawn
`.trimStart();
