import type { Stage } from './graph.ts';

const windowsImage = /(^|\/)windows(\/|$)|windowsservercore|nanoserver|[-:]ltsc20\d\d(-|$)/i;

/** Whether an image is one of Windows by its name or tag: no POSIX shell runs there, and no folder is where a Linux tool has it. */
export const isWindowsImage = (ref: string): boolean => windowsImage.test(ref);

/** Whether a stage runs on Windows, as far as its platform or base image tells. */
export const isWindows = ({ platform, image }: Pick<Stage, 'platform' | 'image'>): boolean =>
  /^windows(\/|$)/i.test(platform ?? '') || isWindowsImage(image ?? '');
