import { takeBack } from '../errors/index.ts';
import { BpfLink } from '../libbpf/index.ts';
import { translateErrors } from './errors.ts';
import type { PinFolder } from './pins.ts';

/**
 * Takes the program of a pinned link off its interface. The pin goes first: a process that is killed after that takes
 * the link with it, and leaves no pin of a link that hangs nowhere. On an error all is as it was.
 * @throws SluiceError with the kernel's reason when the link stays; BpfError and errors of the file system before that
 */
export function removeLink(pins: PinFolder, name: string): void {
  const path = pins.pin('links', name);
  using link = BpfLink.fromPin(path);
  const { ifindex } = link.info;
  pins.unpin('links', name);
  if (ifindex === 0) return; // its interface has gone
  try {
    translateErrors(`detaching from interface ${ifindex}`, () => link.detach());
  } catch (error) {
    throw takeBack(error, [{ where: name, work: () => link.pin(path) }]);
  }
}
