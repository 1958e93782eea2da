import assert from 'node:assert/strict';
import { model, outcomes } from './builds.ts';
import { check, withArgs, withFiles } from './keyCases.ts';

describe('the key of a RUN', () => {
  it('is its text after joining, not its spelling', () =>
    check([
      ['RUN a b', 'run   a b  ', 'c'],
      ['RUN a && b', 'RUN a && \\\n# why\n\nb', 'c'],
      ['RUN a && b', 'RUN a && \\\n  b', 'r'],
      ['RUN a\tb', 'RUN a b', 'r'],
      ['RUN a "b"', "RUN a 'b'", 'r'],
      ['RUN a', 'RUN a # b', 'r'],
      ['RUN echo a', 'RUN ["/bin/sh", "-c", "echo a"]', 'c'],
      ['RUN echo a', 'RUN ["echo", "a"]', 'r'],
      ['RUN echo a', 'SHELL ["/bin/sh", "-c"]\nRUN echo a', 'c'],
      ['RUN echo a', 'SHELL ["/bin/bash", "-c"]\nRUN echo a', 'r'],
      ['RUN ["a"]', 'SHELL ["/bin/bash", "-c"]\nRUN ["a"]', 'c'],
    ]));

  it('is the body of a heredoc, with the name where the body becomes a file or the shell reads it', () =>
    check([
      ['RUN <<A\nx\nA', "RUN <<'B'\nx\nB", 'c'],
      ['RUN <<A\nx\nA', 'RUN <<A\ny\nA', 'r'],
      ['RUN <<A\nx\nA', 'RUN x', 'r'],
      ['RUN <<-A\n\tx\nA', 'RUN <<A\nx\nA', 'c'],
      ['RUN <<A\n#!/bin/x\ny\nA', 'RUN <<B\n#!/bin/x\ny\nB', 'r'],
      ['RUN <<A\n#!/bin/x\ny\nA', 'SHELL ["/bin/bash", "-c"]\nRUN <<A\n#!/bin/x\ny\nA', 'r'],
      ['RUN <<"A B"\nx\nA B', 'RUN <<"A C"\nx\nA C', 'c'],
      ['RUN cat <<A\nx\nA', 'RUN cat <<B\nx\nB', 'r'],
      ['RUN cat <<-A\n\tx\nA', 'RUN cat <<-A\n\t\tx\nA', 'r'],
    ]));

  it('has every variable in it, in order, wherever it comes from', () =>
    check([
      ['ENV A=1 B=2\nRUN x', 'ENV A=1\nENV B=2\nRUN x', 'c'],
      ['ENV A=1\nRUN x', 'ARG A=1\nRUN x', 'c'],
      ['ENV A 1 2\nRUN x', 'ENV A="1 2"\nRUN x', 'c'],
      ['ENV A=1\nRUN x', 'ENV A=1\nENV A=1\nRUN x', 'c'],
      ['ENV A=1 B=2\nRUN x', 'ENV A=1 B=2\nENV A=1\nRUN x', 'r'],
      ['ENV A=1\nRUN x', 'ENV A=1\nARG N\nRUN x', 'c'],
      ['ENV PATH=/x:$PATH\nRUN x', 'ENV PATH=/y:$PATH\nRUN x', 'r'],
      ['ENV A=$NONE\nRUN x', 'ENV A=$OTHER\nRUN x', 'r'],
      ['RUN x\nENV A=1', 'RUN x\nENV A=2', 'c'],
    ]));

  it('has user, directory, network and security in it', () =>
    check([
      ['RUN x', 'USER root\nRUN x', 'r'],
      ['USER 1000\nRUN x', 'USER node\nRUN x', 'r'],
      ['RUN x', 'RUN --network=default x', 'c'],
      ['RUN x', 'RUN --network=none x', 'r'],
      ['RUN x', 'RUN --security=sandbox x', 'c'],
      ['RUN x', 'RUN --security=insecure x', 'r'],
      ['WORKDIR /w\nRUN x', 'WORKDIR /w/\nRUN x', 'cr'],
    ]));

  it('has no mount of a secret or an agent but how it is mounted', () =>
    check([
      ['RUN --mount=type=secret,id=a x', 'RUN --mount=type=secret,id=b x', 'r'],
      ['RUN --mount=type=secret,id=a x', 'RUN --mount=type=secret,source=a x', 'c'],
      ['RUN --mount=type=secret,id=a x', 'RUN --mount=type=secret,id=a,target=/run/secrets/a x', 'c'],
      ['RUN --mount=type=secret,id=a x', 'RUN --mount=type=secret,id=a,mode=0400 x', 'c'],
      ['RUN --mount=type=secret,id=a x', 'RUN --mount=type=secret,id=a,required x', 'r'],
      ['RUN --mount=type=secret,id=a x', 'RUN --mount=type=secret,id=a,env=A x', 'r'],
      ['RUN --mount=type=ssh x', 'RUN --mount=type=ssh,mode=0600 x', 'c'],
      ['RUN --mount=type=ssh x', 'RUN --mount=type=ssh,id=k x', 'r'],
    ]));

  it('has of a cache mount the target and how it starts, and its id only where it is the default', () =>
    check([
      ['RUN --mount=type=cache,target=/c x', 'RUN --mount=type=cache,target=/c,id=/c x', 'c'],
      ['RUN --mount=type=cache,target=/c x', 'RUN --mount=type=cache,target=/c,id=k x', 'r'],
      ['RUN --mount=type=cache,target=/c,id=k x', 'RUN --mount=type=cache,target=/c,id=l,sharing=locked x', 'c'],
      ['RUN --mount=type=cache,target=/c x', 'RUN --mount=type=cache,target=/c,sharing=locked x', 'r'],
      ['RUN --mount=type=cache,target=/c,sharing=locked x', 'RUN --mount=type=cache,target=/c,id=k x', 'c'],
      ['RUN --mount=type=cache,target=/c x', 'RUN --mount=type=cache,target=/c,uid=0 x', 'r'],
      ['RUN --mount=type=cache,target=/c,uid=0 x', 'RUN --mount=type=cache,target=/c,mode=755 x', 'c'],
      ['RUN --mount=type=cache,target=/c x', 'RUN --mount=type=cache,target=/c,ro x', 'r'],
      ['WORKDIR /w\nRUN --mount=type=cache,target=c x', 'WORKDIR /w\nRUN --mount=type=cache,target=/w/c x', 'cr'],
      [
        'RUN --mount=type=cache,target=/c --mount=type=cache,target=/d x',
        'RUN --mount=target=/d,type=cache --mount=target=/c,type=cache x',
        'c',
      ],
      ['RUN --mount=type=tmpfs,target=/t,size=1m x', 'RUN --mount=type=tmpfs,target=/t,size=1048576 x', 'c'],
      ['RUN --mount=type=tmpfs,target=/t,size=1m x', 'RUN --mount=type=tmpfs,target=/t,size=2m x', 'r'],
    ]));

  it('has of a bind mount the content, not the name', () => {
    check([
      ['RUN --mount=source=src,target=/s x', 'RUN --mount=type=bind,src=./src/,dst=/s x', 'c'],
      ['RUN --mount=source=src,target=/s x', 'RUN --mount=source=src,target=/s,rw x', 'r'],
      ['RUN --mount=source=src/x.js,target=/s x', 'RUN --mount=source=a.txt,target=/s x', 'r'],
    ]);
    const text = 'FROM a\nRUN --mount=source=src,target=/s --mount=source=a.txt,target=/a x\n';
    assert.equal(withFiles(text, { 'src/deep/y.js': 'new' }), 'r');
    assert.equal(withFiles(text, { 'b.txt': 'new' }), 'c');
    assert.equal(withFiles('FROM a\nRUN --mount=target=/s x\n', { 'b.txt': 'new' }), 'r');
  });
});

describe('the key of a COPY', () => {
  it('is what its words come to', () =>
    check([
      ['COPY a.txt /d/', 'COPY ./a.txt /d/', 'c'],
      ['COPY a.txt b.txt /d/', 'copy ["/a.txt", "src/../b.txt", "/d/"]', 'c'],
      ['COPY a.txt b.txt /d/', 'COPY b.txt a.txt /d/', 'r'],
      ['COPY a.txt d', 'COPY a.txt /d', 'c'],
      ['COPY a.txt d', 'COPY a.txt d/', 'r'],
      ['COPY src /d', 'COPY src/ /d', 'c'],
      ['COPY src /d/', 'COPY src /d/.', 'r'],
      ['COPY a.txt /d', 'COPY a.tx? /d', 'r'],
      ['COPY a.txt /d', 'ADD a.txt /d', 'r'],
      ['COPY a.txt /d', 'ADD --unpack=false a.txt /d', 'c'],
      ['ENV N=a\nCOPY a.txt /d', 'ENV N=a\nCOPY $N.txt /d', 'c'],
      ['COPY a.txt /d', 'COPY --chown=0:0 a.txt /d', 'r'],
      ['COPY --chown=1:01 a.txt /d', 'COPY --chown=01:1 a.txt /d', 'c'],
      ['COPY --chmod=755 a.txt /d', 'COPY --chmod=0755 a.txt /d', 'c'],
      ['COPY --chmod=755 a.txt /d', 'COPY --chmod=u=rwx,go=rx a.txt /d', 'r'],
      ['COPY src /d', 'COPY --exclude=*.md src /d', 'r'],
      ['COPY --parents src/x.js /d', 'COPY --parents ./src/x.js /d', 'c'],
      ['COPY --parents src/x.js /d', 'COPY --parents src/./x.js /d', 'r'],
    ]));

  it('has user and variables in it only where they are expanded', () =>
    check([
      ['USER 1\nCOPY a.txt /d', 'USER 2\nCOPY a.txt /d', 'c'],
      ['ENV A=1\nCOPY a.txt /d', 'ENV A=2\nCOPY a.txt /d', 'c'],
      ['ARG A=1\nCOPY a.txt /d$A', 'ARG A=2\nCOPY a.txt /d$A', 'r'],
    ]));

  it('is a heredoc with its delimiter, expanded unless it is quoted', () =>
    check([
      ['COPY <<A /d\nx\nA', 'COPY <<B /d\nx\nB', 'r'],
      ['ARG V=1\nCOPY <<A /d\n"$V"\nA', 'ARG V=1\nCOPY <<A /d\n"1"\nA', 'c'],
      ['ARG V=1\nCOPY <<"A" /d\n$V\nA', 'ARG V=2\nCOPY <<"A" /d\n$V\nA', 'c'],
      ['ARG V=1\nCOPY <<A /d\n$V\nA', 'ARG V=2\nCOPY <<A /d\n$V\nA', 'r'],
    ]));

  it('is the name of what is fetched and where from; a query alone is the same file', () =>
    check([
      ['ADD https://e.org/a.tgz /d/', 'ADD https://e.org/a.tgz?v=2 /d/', 'c'],
      ['ADD https://e.org/a.tgz /d/', 'ADD https://e.org/b.tgz /d/', 'r'],
      ['ADD https://e.org/a.tgz /d/', 'ADD --checksum=sha256:1 https://e.org/a.tgz /d/', 'c'],
      ['ADD --checksum=sha256:1 https://e.org/a.tgz /d/', 'ADD --checksum=sha256:2 https://e.org/a.tgz /d/', 'r'],
      ['ADD --checksum=sha256:1 https://e.org/a.tgz /d/', 'ADD --checksum=sha256:1 https://m.org/a.tgz /d/', 'c'],
      ['ADD https://e.org/r.git#v1 /d/', 'ADD https://e.org/r.git#v2 /d/', 'r'],
      ['ADD https://e.org/r.git#v1 /d/', 'ADD --keep-git-dir https://e.org/r.git#v1 /d/', 'r'],
    ]));

  it('counts what is selected', () => {
    const broad = 'FROM a\nCOPY . /d\nRUN x\n';
    assert.equal(withFiles(broad, { 'src/deep/y.js': 'new' }), 'rr');
    assert.equal(withFiles(broad, { 'new/file': '' }), 'rr');
    assert.equal(withFiles(broad, {}), 'cc');
    assert.equal(withFiles('FROM a\nCOPY src /d\n', { 'a.txt': 'new' }), 'c');
    assert.equal(withFiles('FROM a\nCOPY --exclude=deep src /d\n', { 'src/deep/y.js': 'new' }), 'c');
    assert.equal(withFiles('FROM a\nCOPY --exclude=*.js src/x.js /d\n', { 'src/x.js': 'new' }), 'r');
    // As Docker 28.5.2 does: the file is copied, and what is in it does not count.
    assert.equal(withFiles('FROM a\nCOPY --exclude=* src/x.js /d\n', { 'src/x.js': 'new' }), 'c');
    assert.equal(withFiles('FROM a\nCOPY --exclude=** src/*.js /d\n', { 'src/x.js': 'new' }), 'c');
    assert.equal(withFiles('FROM a\nCOPY --parents src/*.js /d\n', { 'src/deep/y.js': 'new' }), 'c');
    assert.equal(withFiles('FROM a\nCOPY --parents src/*.js /d\n', { 'src/x.js': 'new' }), 'r');
    assert.equal(withFiles('FROM a\nCOPY src/*/y.js /d\n', { 'src/deep/y.js': undefined, 'src/far/y.js': 'y' }), 'c');
  });

  it('counts the whole context where a source is empty', () => {
    assert.equal(withFiles('FROM scratch\nCOPY $NONE /d\n', { 'a.txt': 'new' }), 'r');
  });
});

describe('the key of a WORKDIR', () => {
  it('is the directory with its owner', () =>
    check([
      ['WORKDIR /a\nWORKDIR b', 'WORKDIR /a\nWORKDIR /a/b', 'cc'],
      ['WORKDIR /a', 'WORKDIR "/a"', 'c'],
      ['WORKDIR /a', 'USER root\nWORKDIR /a', 'r'],
      ['RUN x', 'WORKDIR /\nRUN x', 'c'],
      ['ENV D=/a\nWORKDIR $D', 'ENV D=/a\nWORKDIR /a', 'c'],
    ]));

  it('has SOURCE_DATE_EPOCH in it, which older builders did not know', () => {
    const text = 'FROM a\nWORKDIR /w\nCOPY a.txt b\n';
    assert.equal(withArgs(text, {}, { SOURCE_DATE_EPOCH: '1' }), 'rr');
    assert.equal(outcomes(model(text), model(`ARG SOURCE_DATE_EPOCH=1\n${text}`)), 'rr');
    assert.equal(withArgs(text, {}, { SOURCE_DATE_EPOCH: '1' }, { builder: 'docker-20.10' }), 'cc');
  });
});

describe('arguments of the build', () => {
  it('count where they are declared, and from there on', () => {
    assert.equal(withArgs('FROM a\nRUN x\nARG V\nCOPY a.txt b\nRUN y\n', {}, { V: '1' }), 'ccr');
    assert.equal(withArgs('FROM a\nRUN x\n', {}, { V: '1', HTTP_PROXY: 'p', BUILDKIT_INLINE_CACHE: '1' }), 'c');
    assert.equal(withArgs('FROM a\nARG http_proxy\nRUN x\n', {}, { HTTP_PROXY: 'p' }), 'c');
    assert.equal(withArgs('FROM a\nARG BUILDKIT_SBOM_SCAN_STAGE\nRUN x\n', {}, { BUILDKIT_SBOM_SCAN_STAGE: '1' }), 'c');
  });

  it('that BuildKit reads itself count for what they change', () => {
    const text = 'FROM a\nRUN --mount=type=cache,target=/c x\nRUN --mount=type=cache,target=/c,id=k y\n';
    assert.equal(withArgs(text, {}, { BUILDKIT_CACHE_MOUNT_NS: 'n' }), 'rr');
    assert.equal(withArgs(text.replace('target=/c x', 'target=/c,id=j x'), {}, { BUILDKIT_CACHE_MOUNT_NS: 'n' }), 'cc');
    assert.equal(withArgs('FROM a\nCOPY a.txt b\nRUN x\n', {}, { BUILDKIT_SANDBOX_HOSTNAME: 'h' }), 'cr');
  });

  it('before the first FROM count through FROM lines and redeclarations only', () => {
    assert.equal(withArgs('ARG V=1\nFROM a\nRUN x\n', {}, { V: '2' }), 'c');
    assert.equal(withArgs('ARG V=1\nFROM a\nARG V\nRUN x\n', {}, { V: '2' }), 'r');
    assert.equal(withArgs('ARG V=1\nFROM a:$V\nRUN x\n', {}, { V: '2' }), 'r');
  });
});
