import assert from 'node:assert/strict';
import { analyze } from '../../server/src/core/analyze.ts';
import { parseConfig } from '../../server/src/core/config.ts';
import { snapshotOfTexts } from '../../server/src/core/context/snapshot.ts';
import { explainInstruction, toMarkdown } from '../../server/src/core/explain.ts';
import { code } from '../../server/src/core/prose.ts';
import { type Facts, noFacts } from '../../server/src/core/workspace.ts';
import { files, said } from './said.ts';

describe('what is said of a step', () => {
  it('counts steps as the output of a build does, where FROM an image is the first', () => {
    const text = 'FROM a AS b\nWORKDIR /w\nLABEL x=y\nRUN 1\nFROM b\nRUN 2\nFROM scratch\nCOPY --from=1 /a /a\n';
    assert.match(said(text, 'RUN 1'), /^RUN, step 3 of 3 in stage b\./);
    assert.match(said(text, 'RUN 2'), /^RUN, step 1 of 1 in the stage on line 5\./);
    assert.match(said(text, 'COPY'), /^COPY, step 1 of 1 in the stage on line 7\./);
  });

  it('names the image below stages that do nothing', () => {
    const text = 'FROM a AS base\nENV X=1\nFROM base AS next\nWORKDIR /\nRUN 1\nRUN 2\n';
    assert.match(said(text, 'RUN 1'), /the layers of the base image a/);
    assert.doesNotMatch(said(text, 'RUN 2'), /base image/);
    assert.match(said(text, 'RUN 2'), /the step before it, RUN 1 on line 5: when that runs again, so does this/);
  });

  it('knows that WORKDIR / is no step', () => {
    assert.match(said('FROM a\nRUN 1\nWORKDIR /\nRUN 2\n', 'WORKDIR'), /^WORKDIR For the cache - \/ is always there/);
  });

  it('does not know the directory that an image sets', () => {
    const text = 'FROM a\nRUN 1\nWORKDIR x\nRUN 2\nWORKDIR /y\nWORKDIR z\nRUN 3\nFROM scratch\nRUN 4\n';
    assert.match(said(text, 'RUN 1'), /- the working directory of the image When/);
    assert.match(said(text, 'RUN 2'), /- the working directory x below that of the image -/);
    assert.match(said(text, 'RUN 3'), /- the working directory \/y\/z -/);
    assert.match(said(text, 'RUN 4'), /- the working directory \/ /);
  });

  it('tells a linked copy from what it is laid over', () => {
    const text = 'FROM a\nWORKDIR /w\nRUN 1\nCOPY --link a.txt ./\n';
    assert.match(said(text, 'COPY'), /the working directory \/w .* - nothing before it: with --link/);
    const plain = said(text, 'COPY', { builder: 'docker-graphdriver' });
    assert.match(plain, /the step before it, RUN 1 on line 3, and all above/);
    assert.doesNotMatch(said('FROM a\nCOPY --link a.txt /x\n', 'COPY'), /base image|working directory/);
    assert.doesNotMatch(said('FROM a\nCOPY --link "a.txt" "/x"\n', 'COPY'), /base image|working directory/);
    assert.match(said('FROM a\nRUN 1\nCOPY --link --chmod=755 a.txt /x\n', 'COPY'), /the step before it/);
  });

  it('says what an ADD fetches', () => {
    const text =
      'FROM a\nADD https://x.org/a.tgz /\nADD --checksum=sha256:00 https://x.org/b.tgz /\nADD https://x.org/r.git#v1 /r\n';
    assert.match(said(text, 'ADD https://x.org/a'), /the content that https:\/\/x\.org\/a\.tgz has at each build/);
    assert.match(said(text, 'ADD --checksum'), /the checksum that it gives for https:\/\/x\.org\/b\.tgz/);
    assert.match(said(text, 'ADD https://x.org/r'), /the files of the checkout of https:\/\/x\.org\/r\.git#v1/);
  });

  it('cuts long URLs', () => {
    const url = `https://x.org/${'a'.repeat(200)}`;
    assert.match(said(`FROM a\nADD ${url} /\n`, 'ADD'), /the content that https:\/\/x\.org\/a{105}… has at each build/);
  });

  it('lists as readers of a stage only the steps that take files from it', () => {
    const text = 'FROM a AS s\nRUN 1\nFROM a\nCOPY --from=s /a /a\nRUN 2\nCOPY a.txt /\n';
    assert.match(
      said(text, 'RUN 1'),
      /no other step is sure to run again for it - COPY --from=s \/a \/a on line 4 runs again only if the files it takes from stage s come out different, and then up to 2 steps after it$/,
    );
    const chain = 'FROM a AS s\nRUN 1\nFROM s AS t\nFROM a\nRUN --mount=from=t,target=/t 2\n';
    assert.match(
      said(chain, 'RUN 1'),
      /RUN 2 on line 5 runs again only if the files it takes from stage t come out different$/,
    );
  });

  it('counts variables by what the step makes of them', () => {
    const text = 'FROM a\nARG A=1 B=2\nCOPY $A$B /x\nRUN 1\nFROM a\nENV C=1\nRUN 2\n';
    assert.match(said(text, 'COPY'), /the variables A \(ARG\) and B \(ARG\), expanded in its text/);
    assert.match(said(text, 'RUN 1'), /the variables in force, used or not: A \(ARG\) and B \(ARG\)/);
    assert.match(said(text, 'RUN 2'), /the variable C \(ENV\), used or not/);
  });

  it('knows that kaniko counts the variables that a text names', () => {
    const text = 'FROM a\nARG A=1 B=2\nENV C=3\nRUN echo $A\n';
    const given = { builder: 'kaniko' };
    assert.match(said(text, 'RUN', given), /the variable A \(ARG\), expanded in its text/);
    for (const each of ['ARG', 'ENV']) assert.match(said(text, each, given), /of the later steps whose text names it/);
  });

  it('says that what mounts hold does not count', () => {
    const text =
      'FROM a AS s\nFROM a\nRUN --mount=type=cache,target=/c --mount=type=secret,id=npmrc --mount=from=s,target=/s 1\n';
    const found = said(text, 'RUN');
    assert.match(found, /that \/c is a cache mount, but never what is in it/);
    assert.match(found, /that it mounts the secret npmrc, but never what it holds/);
    assert.match(found, /the content of everything in stage s: when that stage/);
  });

  it('tells named contexts from images', () => {
    const builds = { args: {}, passed: [], targets: [], namedContexts: ['shared'] };
    const text = 'FROM a\nCOPY --from=shared /a /a\nCOPY --from=nginx /b /b\nFROM shared\nRUN 1\n';
    const given = { facts: { builds } };
    assert.match(said(text, 'COPY --from=shared', given), /in the named context shared/);
    assert.match(said(text, 'COPY --from=nginx', given), /in the image nginx/);
    assert.match(said(text, 'FROM shared', given), /the named context shared/);
    assert.match(said(text, 'RUN 1', given), /what the build gives as the named context shared -/);
  });

  it('knows that nothing of a stage runs whose place a named context takes', () => {
    const builds = { args: {}, passed: [], targets: [], namedContexts: ['shared'] };
    const text = 'FROM a AS shared\nARG A=1\nENV B=1\nRUN 1\nLABEL x=y\nFROM a\nCOPY --from=shared / /\n';
    for (const each of ['FROM', 'ARG', 'ENV', 'RUN', 'LABEL'])
      assert.match(
        said(text, each, { facts: { builds } }),
        /named context shared, which takes the place of this stage/,
      );
  });

  it('knows that a full commit is not looked up again', () => {
    const at = (ref: string) => said(`FROM a\nADD https://x.org/r.git#${ref} /r\n`, 'ADD');
    assert.match(at(`${'0a'.repeat(20)}:sub`), /its commit is given in full, so that the builder does not ask/);
    assert.match(at('0a0a0a0'), /the builder asks the repository at each build/);
  });
});

describe('what is said of the files of a step', () => {
  const changed = (...commits: string[][]): Partial<Facts> => ({
    history: { commits: Array.from({ length: 1000 }, (_, index) => commits[index] ?? ['README.md']) },
  });

  it('names those that change most', () => {
    const found = said('FROM a\nCOPY . .\n', 'COPY', {
      facts: changed(['src/z.js'], ['src/z.js', 'src/y.js'], ['src/y.js'], ['src/z.js']),
    });
    assert.match(
      found,
      /5 files \(5 B\) of the build context, such as src\/z\.js, src\/y\.js and a\.txt; under 1% of the last 1,000 commits/,
    );
  });

  it('knows that each commit changes what git keeps', () => {
    const context = snapshotOfTexts({ ...files, '.git/HEAD': '', '.git/index': '', '.git/objects/00/1': '' });
    const found = said('FROM a\nCOPY . .\nRUN 1\n', 'COPY', { facts: { context, ...changed(['a.txt']) } });
    assert.match(
      found,
      /such as a\.txt, src\/x\.js and src\/y\.js; every commit changes what is in \.git, which is among them/,
    );
    assert.doesNotMatch(found, /%/);
    const head = snapshotOfTexts({ ...files, '.git/HEAD': '' });
    assert.match(said('FROM a\nCOPY . .\n', 'COPY', { facts: { context: head, ...changed(['a.txt']) } }), /under 1%/);
  });

  it('points at the step above whose files change most', () => {
    const text = 'FROM a\nCOPY src /src\nCOPY a.txt /\nRUN 1\n';
    const above = /the files that the steps above read, most of all the (.*?) \(/;
    assert.equal(above.exec(said(text, 'RUN', { facts: changed(['a.txt']) }))?.[1], '1 file of COPY a.txt / on line 3');
    assert.match(said(text, 'RUN'), /most of all the 4 files of COPY src \/src on line 2/);
    assert.match(said(text, 'COPY a.txt'), /so also the 4 files of COPY src \/src on line 2/);
  });

  it('says which sources match nothing', () => {
    assert.match(said('FROM a\nCOPY none /\n', 'COPY'), /there is none now: nothing matches none/);
  });
});

describe('code in an explanation', () => {
  it('is a longer fence around backticks', () => {
    assert.deepEqual([code('a'), code('`a` b'), code('``')], ['`a`', '`` `a` b ``', '``` `` ```']);
    assert.equal(code(''), '`""`');
  });

  it('keeps the stars and backticks of the Dockerfile in plain text', () => {
    const text = 'FROM a\nRUN echo `date` **\nCOPY **/*.js /\n';
    assert.match(said(text, 'COPY'), /the step before it, RUN echo `date` \*\* on line 2/);
    assert.match(said(text, 'RUN'), /COPY \*\*\/\*\.js \/ on line 3/);
    const analysis = analyze(text, noFacts, parseConfig({}).config);
    const markdown = toMarkdown(explainInstruction(analysis, analysis.dockerfile.instructions[2] as never));
    assert.match(markdown, /the step before it, `` RUN echo `date` \*\* `` on line 2:/);
  });
});
