import type { FileSpec } from '../scenario.ts';

/** Undefined takes away what a group of projects has in common. */
export type Files = Readonly<Record<string, FileSpec | undefined>>;

/** A build context, and how people install its dependencies and build it. */
export interface Project {
  readonly name: string;
  readonly image: string;
  readonly files: Files;
  /** Commands that install, any of them. */
  readonly installs: readonly string[];
  /** Reads the sources and what was installed. */
  readonly build: string;
  /** A file that the installs do not read. */
  readonly source: string;
  /** What a stage that ships takes: below the working directory, or absolute. */
  readonly output: string;
  /** Variables that people set for the tools. */
  readonly env?: readonly string[];
  /** An unprivileged user that the image has. */
  readonly user?: string | undefined;
  /** Mounts as people write them, right or wrong. */
  readonly mounts?: readonly string[];
  /** What people remove behind the install. */
  readonly cleanup?: string;
  /** What runs on the developer's machine left in the folder. */
  readonly leftovers?: Files;
  /** Lines of the ignore file, where there is one. */
  readonly ignore?: string;
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What a repository has besides the project. */
export const around: Files = {
  'README.md': '# Project\n',
  'docs/guide.md': 'guide\n',
  'tests/main.test': 'test\n',
  '.editorconfig': 'root = true\n',
};
