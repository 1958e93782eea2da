const overview = `Predicts what BuildKit's cache will do with a Dockerfile, from its text, the build context and the git history.

Usage: cache-lens COMMAND …

  check     find what makes the build miss its cache
  explain   say what each step's cache key depends on
  context   list what enters the build, and count what is left out
  what-if   say which steps run again when something changes

  --help, --version

"cache-lens COMMAND --help" says more.
`;

const shared = `  --context DIR     the build context; found by itself otherwise
  --config FILE     settings in JSON, the same as the editor's: {"rules": {"early-arg": "off"}}
`;

const timed = `  --build-log FILE  how long each step took: the output of docker build --progress=plain, or of docker buildx history logs
`;

const topics: Readonly<Record<string, string>> = {
  check: `Usage: cache-lens check [OPTION…] [PATH…]

Checks Dockerfiles, and every Dockerfile in folders (this folder without a PATH; .git and node_modules are left out).

  --format pretty|json|sarif|github
  --fix[=safe|all]  mend what can be mended: safe fixes alone, or suggestions as well
                    (these may also move an ignore file that no build reads)
  --stdin           check standard input …
  --stdin-filename NAME   … as if it were this file
${shared}${timed}
Exit code: 0 clean, 1 findings at warning or worse, 2 wrong usage or input that could not be read.
`,
  explain: `Usage: cache-lens explain [OPTION…] FILE[:LINE]

Says for each step, or for the one on a line, what its cache key depends on and what runs again with it.

  --format text|json
${shared}${timed}`,
  context: `Usage: cache-lens context [OPTION…] [DOCKERFILE|DIR]

Lists the files that reach the builder, biggest first, and counts what the ignore file keeps out. Of a folder (this one by default)
it is what "docker build DIR" takes; of a Dockerfile the context that it is found to be built in.

  --format text|json
${shared}
Exit code: 0, 1 where the builder refuses the ignore file, 2 wrong usage, or folders that could not be read.
`,
  'what-if': `Usage: cache-lens what-if [OPTION…] DOCKERFILE

Says for each step whether it comes from the cache or runs again, and why, when …

  --change PATH…    … these files of the build context change
  --add PATH…       … they are new
  --delete PATH…    … they are gone
  --base IMAGE…     … these base images are new
  --build-arg NAME=VALUE…   … these build arguments are passed
  --against DIR|REV … it is built after this other folder, or after this git revision
  --against-build-arg NAME=VALUE…   the build arguments of that other build
  --target STAGE    the stage to build; the last one otherwise
  --format text|json
${shared}`,
};

/** @returns the text of a topic, the overview for anything else. */
export const helpText = (topic: string | undefined): string =>
  topic !== undefined && Object.hasOwn(topics, topic) ? (topics[topic] ?? overview) : overview;
