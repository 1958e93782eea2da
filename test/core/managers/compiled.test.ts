import { type Case, checkAll } from './inputCases.ts';

const go: Readonly<Record<string, Case>> = {
  'module and checksums': {
    run: 'go mod download',
    files: { 'go.mod': 'module x\n', 'go.sum': '', 'main.go': '' },
    reads: ['go.mod', 'go.sum'],
  },
  'no checksums': { run: 'go mod download', files: { 'go.mod': 'module x\n' }, reads: ['go.mod'] },
  'local replacements': {
    run: 'go mod download',
    files: {
      'go.mod': 'module x\nreplace a => ./a // here\nreplace (\n\tb v1 => ./lib/b\n\tc => example.com/c v2\n)\n',
      'a/go.mod': '',
      'lib/b/go.mod': '',
      'lib/b/b.go': '',
    },
    reads: ['a/go.mod', 'go.mod', 'lib/b/go.mod'],
  },
  'a replacement outside': {
    run: 'go mod download',
    files: { 'go.mod': 'replace a => ../a\n' },
    reads: ['go.mod'],
    says: [/outside the build context/],
  },
  'a replacement that is missing': {
    run: 'go mod download',
    files: { 'go.mod': 'replace a => ./a\n' },
    reads: ['go.mod'],
    says: [/a\/go\.mod/],
  },
  workspaces: {
    run: 'go mod download',
    files: {
      'go.work': 'go 1.22\nuse (\n\t./a\n\t./b\n)\nuse ./c\n',
      'go.work.sum': '',
      'a/go.mod': '',
      'a/go.sum': '',
      'b/go.mod': '',
      'c/go.mod': 'replace x => ../d',
      'd/go.mod': '',
    },
    reads: ['a/go.mod', 'a/go.sum', 'b/go.mod', 'c/go.mod', 'd/go.mod', 'go.work', 'go.work.sum'],
  },
  'a workspace above': {
    run: 'FROM golang\nWORKDIR /src/a\nRUN go mod download\n',
    directory: 'a',
    files: { 'go.work': 'use ./a\n', 'a/go.mod': '' },
    reads: ['a/go.mod', 'go.work'],
  },
  'a workspace switched off': {
    run: 'FROM golang\nENV GOWORK=off\nRUN go mod download\n',
    files: { 'go.work': 'use ./a\n', 'go.mod': '' },
    reads: ['go.mod'],
  },
  'another module file': {
    run: 'go mod download -modfile=tools.mod',
    files: { 'go.mod': '', 'tools.mod': '', 'tools.sum': '' },
    reads: ['go.mod', 'tools.mod', 'tools.sum'],
  },
  'tidy reads sources': { run: 'go mod tidy', files: { 'go.mod': '' }, reads: ['go.mod'], says: [/reads the sources/] },
  'get rewrites the module': {
    run: 'go get example.com/x@v1',
    files: { 'go.mod': '' },
    reads: ['go.mod'],
    says: [/rewrites go\.mod/],
  },
  'no module': { run: 'go mod download', files: {}, reads: [], says: [/go\.mod, which is not in/] },
};

const cargo: Readonly<Record<string, Case>> = {
  'fetch needs stubs': {
    run: 'cargo fetch',
    files: { 'Cargo.toml': '[package]\n', 'Cargo.lock': '', 'src/main.rs': '' },
    reads: ['Cargo.lock', 'Cargo.toml'],
    says: [/cargo-chef/],
  },
  'workspace members and paths': {
    run: 'cargo fetch --locked',
    files: {
      'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/old"]\n',
      'Cargo.lock': '',
      'crates/a/Cargo.toml': '[dependencies]\nb = { path = "../../b" }\n',
      'crates/old/Cargo.toml': '',
      'b/Cargo.toml': '',
      'rust-toolchain.toml': '',
      '.cargo/config.toml': '',
      'crates/a/build.rs': '',
    },
    reads: [
      '.cargo/config.toml',
      'Cargo.lock',
      'Cargo.toml',
      'b/Cargo.toml',
      'crates/a/Cargo.toml',
      'crates/a/build.rs',
      'rust-toolchain.toml',
    ],
    says: [/cargo-chef/],
  },
  'cooking a recipe reads nothing of the context': {
    run: 'cargo chef cook --recipe-path recipe.json',
    files: { 'Cargo.toml': '', 'src/main.rs': '' },
    reads: [],
  },
};

const jvm: Readonly<Record<string, Case>> = {
  'maven: poms of modules and parents': {
    run: 'mvn dependency:go-offline',
    files: {
      'pom.xml':
        '<modules><module>a</module><!-- <module>old</module> --></modules><profiles><profile><modules><module>b</module></modules></profile></profiles>',
      'a/pom.xml': '<parent><relativePath>../parent</relativePath></parent>',
      'b/pom.xml': '',
      'parent/pom.xml': '',
      'a/src/A.java': '',
      '.mvn/maven.config': '',
    },
    reads: ['.mvn/maven.config', 'a/pom.xml', 'b/pom.xml', 'parent/pom.xml', 'pom.xml'],
  },
  'maven: the wrapper': {
    run: './mvnw dependency:go-offline',
    files: { 'pom.xml': '', mvnw: '', '.mvn/wrapper/maven-wrapper.properties': '' },
    reads: ['.mvn/wrapper/maven-wrapper.properties', 'mvnw', 'pom.xml'],
  },
  'maven: a missing module': {
    run: 'mvn dependency:go-offline',
    files: { 'pom.xml': '<module>a</module>' },
    reads: ['pom.xml'],
    says: [/a\/pom\.xml/],
  },
  'maven: profiles by file': {
    run: 'mvn dependency:go-offline',
    files: { 'pom.xml': '<file><exists>x</exists></file>' },
    reads: ['pom.xml'],
    says: [/profile/],
  },
  'maven: another pom': {
    run: 'mvn -f backend/pom.xml dependency:go-offline',
    directory: 'backend',
    files: { 'backend/pom.xml': '' },
    reads: ['backend/pom.xml'],
  },
  'maven: settings': {
    run: 'mvn -s ci/settings.xml dependency:go-offline',
    files: { 'pom.xml': '', 'ci/settings.xml': '' },
    reads: ['ci/settings.xml', 'pom.xml'],
  },
  'gradle: scripts, wrapper, catalogue, builds of the build': {
    run: './gradlew dependencies',
    files: {
      'settings.gradle.kts': 'include(":app")\nincludeBuild("conventions")',
      'build.gradle.kts': '',
      'app/build.gradle.kts': '',
      'app/src/A.kt': '',
      'gradle/libs.versions.toml': '',
      'gradle/wrapper/gradle-wrapper.properties': '',
      'gradle.properties': '',
      gradlew: '',
      'buildSrc/src/main/kotlin/X.kt': '',
      'buildSrc/build/x.class': '',
      'conventions/build.gradle.kts': '',
      'conventions/src/C.kt': '',
    },
    reads: [
      'app/build.gradle.kts',
      'build.gradle.kts',
      'buildSrc/src/main/kotlin/X.kt',
      'conventions/build.gradle.kts',
      'conventions/src/C.kt',
      'gradle.properties',
      'gradle/libs.versions.toml',
      'gradle/wrapper/gradle-wrapper.properties',
      'gradlew',
      'settings.gradle.kts',
    ],
  },
  'gradle: scripts that start programs': {
    run: 'gradle dependencies',
    files: { 'build.gradle': 'def v = "git describe".execute().text' },
    reads: ['build.gradle'],
    says: [/starts other programs/, /reads files/],
  },
  'gradle: scripts that look for files': {
    run: 'gradle dependencies',
    files: { 'settings.gradle': 'rootDir.listFiles().each { include it.name }' },
    reads: ['settings.gradle'],
    says: [/looks for files/],
  },
  'maven: versions from git': {
    run: 'mvn dependency:go-offline',
    files: { 'pom.xml': '', '.mvn/extensions.xml': '<artifactId>jgitver-maven-plugin</artifactId>' },
    reads: ['.mvn/extensions.xml', 'pom.xml'],
    says: [/takes the version from git/],
  },
  'gradle: projects without scripts': {
    run: 'gradle dependencies',
    files: { 'settings.gradle': "include 'a', 'b:c'", 'build.gradle': '', 'a/build.gradle': '', 'b/c/src/x.java': '' },
    reads: ['a/build.gradle', 'build.gradle', 'settings.gradle'],
    says: [/b\/c/],
  },
  'sbt: builds and plugins': {
    run: 'sbt update',
    files: {
      'build.sbt': '',
      'project/build.properties': '',
      'project/plugins.sbt': '',
      'project/D.scala': '',
      'src/A.scala': '',
      'sub/build.sbt': '',
      'target/x.sbt': '',
    },
    reads: ['build.sbt', 'project/D.scala', 'project/build.properties', 'project/plugins.sbt', 'sub/build.sbt'],
  },
  'sbt: versions from git': {
    run: 'sbt update',
    files: { 'build.sbt': '', 'project/plugins.sbt': 'addSbtPlugin("com.github.sbt" % "sbt-dynver" % "5")' },
    reads: ['build.sbt', 'project/plugins.sbt'],
    says: [/asks git/],
  },
};

describe('what go reads', () => checkAll(go));
describe('what cargo reads', () => checkAll(cargo));
describe('what maven, gradle and sbt read', () => checkAll(jvm));
