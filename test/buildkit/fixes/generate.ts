import { random as seeded } from '../generate/random.ts';
import { caseOf, type FixCase } from './case.ts';
import { generateDockerfile } from './dockerfile.ts';
import { around, type Files, type Project } from './project.ts';
import { compiledProjects } from './projects/compiled.ts';
import { javascriptProjects } from './projects/javascript.ts';
import { jvmProjects } from './projects/jvm.ts';
import { managedProjects } from './projects/managed.ts';
import { nativeProjects } from './projects/native.ts';
import { npmProjects } from './projects/npm.ts';
import { pythonProjects } from './projects/python.ts';
import { systemProjects } from './projects/system.ts';

export const projects: readonly Project[] = [
  ...npmProjects,
  ...javascriptProjects,
  ...pythonProjects,
  ...compiledProjects,
  ...nativeProjects,
  ...jvmProjects,
  ...managedProjects,
  ...systemProjects,
];

/** The case of a seed: each project in its turn. */
export function generateCase(seed: number): FixCase {
  const random = seeded(seed);
  const project = projects[seed % projects.length];
  if (!project) throw new Error('there are no projects');
  const dockerfile = generateDockerfile(random, project);
  const kept: Files = random.chance(0.1) ? (project.leftovers ?? {}) : {};
  const ignore: Files = project.ignore && random.chance(0.8) ? { '.dockerignore': project.ignore } : {};
  return caseOf(
    `${project.name}, seed ${seed}`,
    dockerfile,
    { ...around, ...project.files, ...kept, ...ignore },
    project.source,
  );
}
