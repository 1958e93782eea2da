import assert from 'node:assert/strict';
import { analyze } from '../../server/src/core/analyze.ts';
import { parseConfig } from '../../server/src/core/config.ts';
import { explainAt, explainInstruction, toMarkdown, toText } from '../../server/src/core/explain.ts';
import { noFacts } from '../../server/src/core/workspace.ts';
import { said } from './said.ts';

describe('what is said of a mount', () => {
  const mounted = (text: string, part: string): string => {
    const explanation = explainAt(analyze(text, noFacts, parseConfig({}).config), text.indexOf(part) + 1);
    return explanation ? toText(explanation).replace(/\s+/g, ' ') : '';
  };

  it('tells downloads from what is compiled', () => {
    const text =
      'FROM golang\nWORKDIR /app\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/root/.cache go build ./...\n';
    assert.match(mounted(text, '--mount=type=cache,target=/go'), /go keeps downloads here/);
    assert.match(
      mounted(text, '--mount=type=cache,target=/root/.cache/go-build'),
      /cache - go keeps compiled code here/,
    );
    assert.doesNotMatch(mounted(text, '--mount=type=cache,target=/root/.cache/go-build'), /downloads/);
    const cargo = 'FROM rust\nWORKDIR /app\nRUN --mount=type=cache,target=/app/target cargo build\n';
    assert.match(mounted(cargo, '--mount'), /cargo keeps compiled code here/);
  });

  it('names what defeats this mount, and no other', () => {
    const text =
      'FROM debian:12\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\n';
    assert.match(
      mounted(text, '--mount=type=cache,target=/var/lib'),
      /Defeated in this RUN by rm -rf \/var\/lib\/apt\/lists\/\*:/,
    );
    assert.doesNotMatch(mounted(text, '--mount=type=cache,target=/var/cache'), /Defeated/);
  });

  it('knows that images of Debian delete what apt downloads', () => {
    const text =
      'FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y git\n';
    assert.match(mounted(text, '--mount'), /docker-clean.* So this mount keeps no packages\./);
    assert.doesNotMatch(mounted(text, '--mount'), /apt keeps downloads/);
  });

  it('says what of a bind mount counts, and who may write', () => {
    const text = 'FROM a AS s\nFROM a\nRUN --mount=from=s,target=/s --mount=target=/w,rw 1\n';
    assert.match(
      mounted(text, '--mount=from'),
      /The content, owner and mode of everything in s are part .* The RUN cannot write there/,
    );
    assert.match(mounted(text, '--mount=target'), /The content and mode of everything in the build .* thrown away/);
  });

  it('knows that a cache taken from a stage counts as that begins', () => {
    const text =
      'FROM a AS s\nFROM a\nRUN --mount=type=cache,from=s,source=/in,target=/c --mount=type=cache,target=/d 1\n';
    assert.match(
      mounted(text, '--mount=type=cache,from'),
      /It starts as \/in in s, whose content is part of the key\. - What is written to it is in no layer/,
    );
    assert.match(mounted(text, '--mount=type=cache,target'), /- What it holds is in no layer and never enters the key/);
    assert.doesNotMatch(mounted(text, '--mount=type=cache,target'), /starts as/);
  });

  it('names what of secrets and agents counts', () => {
    const text = 'FROM a\nRUN --mount=type=secret,id=t,mode=0444 --mount=type=ssh 1\n';
    assert.match(mounted(text, '--mount=type=secret'), /What the flag says of it does: id, .*mode and owner\./);
    assert.match(mounted(text, '--mount=type=ssh'), /What the flag says does: id, .*mode and owner\./);
    assert.match(said(text, 'RUN'), /that it mounts an SSH agent, but never the keys in it/);
  });

  it('names the target as it is written where a variable in it is not known', () => {
    const text = 'FROM a\nRUN --mount=type=cache,target=$HOME/.cache 1\n';
    assert.match(said(text, 'RUN'), /that \$HOME\/\.cache is a cache mount/);
  });
});

describe('what is said of other instructions', () => {
  it('of ARG and ENV counts the RUNs that they reach, in stages FROM theirs as well', () => {
    const runs = 'RUN echo $A\nRUN 2\nFROM b AS c\nRUN 3\n';
    assert.match(
      said(`FROM a AS b\nARG A=1\n${runs}`, 'ARG'),
      /It reaches 3 RUNs, 1 of them in stage c; one names it\./,
    );
    assert.match(
      said('FROM a AS b\nENV A=1\nFROM b\nRUN echo $A\n', 'ENV'),
      /It reaches 1 RUN, in the stage on line 3; the RUN names it\./,
    );
    assert.match(
      said('FROM a\nENV A=1 B=2\nRUN 1\nRUN 2\n', 'ENV'),
      /It reaches 2 RUNs; none names one of its variables\./,
    );
    assert.match(said('FROM a\nENV A=1\nRUN <<E\necho $A\nE\nRUN echo $A\n', 'ENV'), /both name it\./);
    assert.match(said('FROM a\nENV A=1\n', 'ENV'), /No RUN comes after it\./);
  });

  it('of ARG and ENV knows how the shells of Windows name them', () => {
    const runs = 'RUN curl %GIT%\nRUN powershell -Command $env:git\nRUN echo GIT\n';
    const windows = 'FROM a\nARG GIT=1\nSHELL ["cmd", "/S", "/C"]\n';
    assert.match(said(`${windows}${runs}`, 'ARG'), /It reaches 3 RUNs; 2 name it\./);
    assert.match(said('FROM a\nARG GIT=1\nRUN sed s/%GIT%/x/ f\n', 'ARG'), /the RUN does not name it\./);
  });

  it('of ARG and ENV says what else expands them, until they are set anew', () => {
    const text = 'FROM a AS s\nARG V=1\nADD x-$V /\nENV W=$V\nLABEL l=$V\nFROM s\nCOPY a-$V /\nARG V=2\nCOPY b-$V /\n';
    assert.match(
      said(text, 'ARG V=1'),
      /No RUN comes after it\. - ADD x-\$V \/ on line 3, ENV W=\$V on line 4 and COPY a-\$V \/ on line 7 expand it\.$/,
    );
    assert.match(said('FROM a\nENV A=1 B=2\nWORKDIR /$B\n', 'ENV'), /on line 3 expands one of its variables\.$/);
    assert.match(said(text, 'ARG V=2'), /- COPY b-\$V \/ on line 9 expands it\.$/);
    assert.match(
      said('FROM a\nENV A=1\nRUN 1\nWORKDIR /$A\nENV A=$A:2\nUSER $A\n', 'ENV A=1'),
      /WORKDIR \/\$A on line 4 and ENV A=\$A:2 on line 5 expand it\.$/,
    );
  });

  it('of ARG without a value knows that the one above stays in force', () => {
    const text = 'FROM a\nARG V=1\nARG V\nCOPY b-$V /\n';
    assert.match(said(text, 'ARG V=1'), /COPY b-\$V \/ on line 4 expands it\./);
    assert.match(said(`ARG V=2\n${text}`, 'ARG V=1'), /No RUN comes after it\.$/);
  });

  it('of ARG knows what only the builder reads', () => {
    assert.match(said('FROM a\nARG BUILDKIT_SBOM_SCAN_STAGE=true\nRUN 1\n', 'ARG'), /it is part of no key\.$/);
  });

  it('of FROM leaves out linked copies', () => {
    const text = 'FROM a AS s\nRUN 1\nFROM s\nCOPY --link a.txt /\n';
    assert.match(said(text, 'FROM s'), /every step of the stage but COPY --link does too/);
    assert.match(said(text, 'FROM s', { builder: 'docker-20.10' }), /every step of the stage does too/);
    assert.match(said(text, 'FROM a'), /is pulled, every step of the stage runs again/);
  });

  it('of ARG says which names have no value', () => {
    assert.match(said('FROM a\nARG A B=1\nRUN 1\n', 'ARG'), /A has no value here: nothing depends on it unless/);
    assert.doesNotMatch(said('FROM a\nARG B=1\n', 'ARG'), /no value/);
  });

  it('of ARG says which ENV hides it', () => {
    const text = 'FROM a AS s\nARG A=1 B=1\nENV A=2 B=$B\nRUN 1\nFROM s\nENV B=3\n';
    assert.match(
      said(text, 'ARG'),
      /The ENV on line 3 sets A anew: where that is in force, this one counts for nothing\. - The ENV on line 6 sets B anew/,
    );
  });

  it('of ARG before FROM says who uses it, flags and other ARGs included', () => {
    const text = 'ARG V=1\nARG I=a:$V\nARG P=linux\nARG Z\nFROM --platform=$P $I AS b\nARG V\nRUN 1\n';
    assert.match(said(text, 'ARG V'), /Used by FROM \$I AS b on line 5\. - Declared again in stage b\.$/);
    assert.match(said(text, 'ARG P'), /Used by FROM/);
    assert.match(said(text, 'ARG Z'), /No FROM uses it\.$/);
  });

  it('of FROM knows that a digest stays', () => {
    assert.match(said('FROM a@sha256:00\nRUN 1\n', 'FROM'), /The digest fixes the image/);
    assert.match(said('FROM a:1\nRUN 1\n', 'FROM'), /once a new push of the same tag is pulled/);
  });

  it('of ONBUILD knows the stages of the file that it reaches', () => {
    const text = 'FROM a AS b\nONBUILD RUN 1\nFROM b AS c\nRUN 2\n';
    assert.match(said(text, 'ONBUILD'), /carried out right after each FROM of this stage, here in stage c\./);
    assert.match(said('FROM a\nONBUILD RUN 1\n', 'ONBUILD'), /No key of this build depends on it/);
  });

  it('of what is no instruction promises nothing', () => {
    assert.match(said('FROM a\nTOKEN: x\n', 'TOKEN:'), /Docker knows no such instruction/);
    assert.match(said('FROM a\nCOPY x\n', 'COPY'), /It is not complete/);
    for (const each of ['WORKDIR', 'COPY --link', 'HEALTHCHECK --interval=5s', 'USER', 'ARG', 'ENV'])
      assert.match(
        said(`FROM a AS b\n${each}\n`, each),
        /^\w+ For the cache - It is not complete: the build fails here\.$/,
      );
    assert.match(said('FROM\nRUN 1\n', 'FROM'), /It is not complete: the build fails here\.$/);
    assert.match(said('FROM a\nRUN\n', 'RUN'), /^RUN, step 2 of 2/);
    assert.match(said('FROM a\nCMD\n', 'CMD'), /Image configuration only/);
    assert.match(said('ENV A=1\nFROM a\n', 'ENV'), /It stands before the first FROM: the build fails here/);
  });

  it('writes what is no instruction as code', () => {
    const analysis = analyze('FROM a\n<b>*x* | y\n', noFacts, parseConfig({}).config);
    const markdown = toMarkdown(explainInstruction(analysis, analysis.dockerfile.instructions[1] as never));
    assert.match(markdown, /^\*\*`<B>\*X\*`\*\*\n/);
  });
});
