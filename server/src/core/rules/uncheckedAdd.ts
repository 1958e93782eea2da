import type { CopySource, Step } from '../build/graph.ts';
import { absolute } from '../cache/placement.ts';
import type { Fix } from '../fixes.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

const isGit = (url: string): boolean => /^(git:\/\/|ssh:\/\/|git@|github\.com\/)|\.git([#?].*)?$/.test(url);

/** Branches, and addresses that somebody fetches because they change. */
const branch = /^(refs\/heads\/.*|main|master|trunk|develop|development|dev|head|latest|stable|nightly|edge)$/i;
const feed = /^https?:\/\/(api\.|[^/]*\/api\/)/;

/** The ref behind `#` (up to a folder) or in `?ref=`; '' for the default branch. */
function refOf(url: string): string {
  const query = /[?&](?:ref|tag|commit|branch|checksum)=([^&#]*)/.exec(url)?.[1];
  return query ?? /#([^:]*)/.exec(url)?.[1] ?? '';
}

function remote({ instruction, copy }: Step, { text, word }: CopySource): Report | undefined {
  if (word.text.includes('$') || copy?.options.has('checksum') || feed.test(text)) return undefined;
  if (!isGit(text))
    return {
      span: word.span,
      message: `${instruction.keyword} asks the server for this file in every build, and fails when it does not answer; whatever it sends goes in, and its content decides what runs again. With --checksum=sha256:… BuildKit knows the file without asking.`,
    };
  const ref = refOf(text);
  if (ref !== '' && !branch.test(ref)) return undefined;
  return {
    span: word.span,
    message: `This is the newest commit of ${ref === '' ? 'the default branch' : ref}: every build asks for it, and a new one with other files runs all that follows again. Name a tag or a commit behind the address (#v1.2.3).`,
  };
}

const archive = /\.(tar|tgz|taz|tbz2?|txz|tzst|tar\.\w+|gz|bz2|xz|lzma|zst)$/i;
const plain =
  /(^|\/)(Makefile|LICENSE|README)$|\.(c|cfg|conf|css|csv|env|go|html?|ini|java|jsx?|json|list|lock|m?js|md|php|py|rb|rs|service|sh|sql|toml|tsx?|txt|xml|ya?ml)$/i;

/** Whether ADD would unpack none of the files: folders never, files by their content, which the name only suggests. */
function isCopied({ model, facts }: RuleContext, step: Step): 'surely' | 'likely' | undefined {
  const { copy } = step;
  if (!copy || copy.urls.length > 0 || copy.heredocs.length > 0 || copy.sources.length === 0 || copy.options.size > 0)
    return undefined;
  const isFolder = ({ text }: CopySource): boolean => {
    const path = absolute(text).slice(1);
    return path === '' || facts.context?.get(path)?.type === 'directory';
  };
  const files = copy.sources.filter((source) => !isFolder(source));
  if (files.some(({ text, known }) => !known || archive.test(text))) return undefined;
  if (files.length === 0) return 'surely';
  const selection = model.selection(step);
  if (!selection.known || selection.missing.length > 0) return undefined;
  if (files.some(({ text }) => /[*?[]/.test(text)) && selection.files.some((file) => archive.test(file)))
    return undefined;
  return files.every(({ text }) => plain.test(text)) ? 'surely' : 'likely';
}

function local(context: RuleContext, step: Step): Report | undefined {
  const copied = isCopied(context, step);
  if (!copied) return undefined;
  const { keywordSpan } = step.instruction;
  const fix: Fix = {
    title: 'Use COPY',
    applicability: copied === 'surely' ? 'safe' : 'suggestion',
    edits: [{ span: keywordSpan, newText: 'COPY' }],
  };
  return {
    span: keywordSpan,
    severity: 'hint',
    message: 'ADD does here what COPY does. COPY says so: it never unpacks an archive and never downloads.',
    fixes: [fix],
  };
}

export const uncheckedAdd: Rule = {
  id: 'unchecked-add',
  severity: 'information',
  category: 'layers',
  hadolint: ['DL3020'],
  docs: {
    summary: 'ADD of an address without a checksum or a fixed ref, or where COPY does the same',
    why: `BuildKit keys an \`ADD\` of an address by the content of what it gets. Without \`--checksum\` it must ask the server in every build, even when everything is cached: a server that is away fails the build, and a changed
file, or a new commit of a branch, runs everything behind it again at a time that nobody chose. With a checksum, or a tag or commit of a repository, the text of the instruction decides.

An \`ADD\` of files of the build context that unpacks nothing does what \`COPY\` does, and is a hint. Addresses that hold a variable are left alone, and so are those of an API, which are often fetched because they change.`,
    fix: "Replaces `ADD` by `COPY` for files of the context. Safe for folders and for files whose names are no archives' (the step runs once more, as the instruction is part of its key). For addresses there is none: the checksum is not known here.",
    ignore: 'When the build is meant to take what is newest.',
    bad: { dockerfile: 'FROM debian:12\nADD https://example.com/tool-1.2.3.tar.gz /opt/tool.tar.gz\n' },
    good: {
      dockerfile:
        'FROM debian:12\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/tool-1.2.3.tar.gz /opt/tool.tar.gz\n',
    },
    references: [
      'https://docs.docker.com/reference/dockerfile/#add---checksum',
      'https://docs.docker.com/build/building/best-practices/#add-or-copy',
    ],
  },
  *checkStage(context, stage) {
    for (const step of stage.steps) {
      if (step.keyword !== 'ADD' || step.fromOnbuild) continue;
      const found = [...(step.copy?.urls ?? []).map((url) => remote(step, url)), local(context, step)];
      yield* found.filter((each) => each !== undefined);
    }
  },
};
