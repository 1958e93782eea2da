import type { Files, Project } from '../project.ts';

const project = (
  name: string,
  image: string,
  files: Files,
  installs: readonly string[],
  build: string,
  more: Partial<Project>,
): Project => ({
  name,
  image,
  files,
  installs,
  build,
  leftovers: {
    '.gradle/checksums': 'old\n',
    'project/target/meta': 'old\n',
    'obj/project.assets.json': 'old\n',
    'src/App/obj/project.assets.json': 'old\n',
    'vendor/installed.json': 'old\n',
    '.bundle/config': 'BUNDLE_JOBS: "2"\n',
    'deps/all': 'old\n',
    '_build/deps': 'old\n',
  },
  source: 'src/main/java/Main.java',
  output: 'target/app.jar',
  ...more,
});

const java: Files = { 'src/main/java/Main.java': 'class Main {}\n', 'src/main/resources/app.properties': 'a=b\n' };
const pom = (...lines: string[]): string =>
  ['<project>', '<artifactId>app</artifactId>', ...lines, '</project>', ''].join('\n');

const maven = (name: string, files: Files, more: Partial<Project> = {}): Project =>
  project(
    `maven ${name}`,
    'maven:3.9-eclipse-temurin-21',
    { 'pom.xml': pom(), ...java, ...files },
    ['mvn -B dependency:go-offline', 'mvn dependency:resolve', 'mvn -q -B dependency:go-offline'],
    'mvn -B package -DskipTests',
    {
      mounts: [
        'type=cache,target=/root/.m2',
        'type=cache,target=/root/.m2/repository',
        'type=cache,target=/root/.m2/repository,sharing=locked',
      ],
      ignore: 'target\n',
      ...more,
    },
  );

const gradle = (name: string, files: Files, more: Partial<Project> = {}): Project =>
  project(
    `gradle ${name}`,
    'gradle:8.11-jdk21',
    { 'settings.gradle': "rootProject.name = 'app'\n", 'build.gradle': 'plugins {}\n', ...java, ...files },
    ['gradle dependencies --no-daemon', 'gradle --no-daemon dependencies'],
    'gradle --no-daemon build -x test',
    {
      output: 'build/libs/app.jar',
      mounts: ['type=cache,target=/root/.gradle', 'type=cache,target=/home/gradle/.gradle'],
      ignore: '.gradle\nbuild\n',
      ...more,
    },
  );

const csproj = (...references: string[]): string =>
  [
    '<Project Sdk="Microsoft.NET.Sdk.Web">',
    ...references.map((path) => `<ProjectReference Include="${path}" />`),
    '</Project>',
    '',
  ].join('\n');

const dotnet = (name: string, files: Files, more: Partial<Project> = {}): Project =>
  project(
    `dotnet ${name}`,
    'mcr.microsoft.com/dotnet/sdk:9.0',
    { 'Program.cs': 'main\n', ...files },
    ['dotnet restore'],
    'dotnet publish -c Release -o /out',
    {
      source: 'Program.cs',
      output: '/out',
      mounts: ['type=cache,target=/root/.nuget/packages', 'type=cache,target=/root/.nuget'],
      ignore: '**/bin\n**/obj\n',
      ...more,
    },
  );

const solution: Files = {
  'App.sln':
    'Project("{1}") = "App", "src\\App\\App.csproj", "{2}"\nProject("{1}") = "Core", "src\\Core\\Core.csproj", "{3}"\n',
  'src/App/App.csproj': csproj('..\\Core\\Core.csproj'),
  'src/App/Program.cs': 'main\n',
  'src/Core/Core.csproj': csproj(),
  'src/Core/Core.cs': 'core\n',
};

export const jvmProjects: readonly Project[] = [
  maven('alone', {}),
  maven('modules', {
    'pom.xml': pom('<modules>', '<module>core</module>', '<module>web</module>', '</modules>'),
    'core/pom.xml': pom('<parent>', '<relativePath>../pom.xml</relativePath>', '</parent>'),
    'core/src/main/java/Core.java': 'core\n',
    'web/pom.xml': pom(),
    'web/src/main/java/Web.java': 'web\n',
  }),
  maven(
    'configured',
    { '.mvn/maven.config': '-Dstyle=x\n', '.mvn/extensions.xml': '<extensions/>\n', 'settings.xml': '<settings/>\n' },
    {
      installs: ['mvn -s settings.xml dependency:go-offline', 'mvn -B dependency:go-offline'],
    },
  ),
  maven('offline', {}, { build: 'mvn -o package' }),
  maven(
    'wrapper',
    {
      mvnw: { text: '#!/bin/sh\n[ -f .mvn/wrapper/maven-wrapper.properties ] || exit 1\nexec mvn "$@"\n', mode: '755' },
      '.mvn/wrapper/maven-wrapper.properties': 'distributionUrl=x\n',
    },
    { installs: ['./mvnw -B dependency:go-offline'], build: './mvnw package', image: 'eclipse-temurin:21-jdk' },
  ),
  gradle('alone', { 'gradle.properties': 'org.gradle.caching=true\n' }),
  gradle('projects', {
    'settings.gradle.kts': 'include("core")\ninclude("web")\n',
    'settings.gradle': undefined,
    'build.gradle.kts': 'plugins {}\n',
    'build.gradle': undefined,
    'core/build.gradle.kts': 'core\n',
    'core/src/main/java/Core.java': 'core\n',
    'web/build.gradle.kts': 'web\n',
    'gradle/libs.versions.toml': '[versions]\n',
    'buildSrc/build.gradle.kts': 'plugins {}\n',
    'buildSrc/src/main/kotlin/Conventions.kt': 'conventions\n',
  }),
  gradle(
    'wrapper',
    {
      gradlew: {
        text: '#!/bin/sh\n[ -f gradle/wrapper/gradle-wrapper.properties ] || exit 1\nexec gradle "$@"\n',
        mode: '755',
      },
      'gradle/wrapper/gradle-wrapper.properties': 'distributionUrl=x\n',
      'gradle/wrapper/gradle-wrapper.jar': 'jar\n',
      'gradle.lockfile': 'lock\n',
    },
    { image: 'eclipse-temurin:21-jdk', installs: ['./gradlew dependencies --no-daemon'], build: './gradlew build' },
  ),
  gradle('scripts', { 'build.gradle': "apply from: 'config/quality.gradle'\n", 'config/quality.gradle': 'quality\n' }),
  project(
    'sbt',
    'sbtscala/scala-sbt:eclipse-temurin-21',
    {
      'build.sbt': 'name := "app"\n',
      'project/build.properties': 'sbt.version=1.10\n',
      'project/plugins.sbt': 'plugins\n',
      'src/main/scala/Main.scala': 'main\n',
    },
    ['sbt update'],
    'sbt package',
    {
      source: 'src/main/scala/Main.scala',
      mounts: ['type=cache,target=/root/.cache/coursier'],
      ignore: 'target\nproject/target\n',
    },
  ),
  project(
    'lein',
    'clojure:lein',
    { 'project.clj': '(defproject app)\n', 'src/core.clj': 'core\n' },
    ['lein deps'],
    'lein uberjar',
    { source: 'src/core.clj', mounts: ['type=cache,target=/root/.m2'] },
  ),
  dotnet('alone', { 'App.csproj': csproj() }),
  dotnet('without restoring', { 'App.csproj': csproj() }, { build: 'dotnet publish --no-restore -c Release -o /out' }),
  dotnet(
    'solution',
    {
      ...solution,
      'Directory.Build.props': '<Project/>\n',
      'Directory.Packages.props': '<Project/>\n',
      'NuGet.config': '<configuration/>\n',
      'global.json': '{}\n',
    },
    {
      installs: ['dotnet restore', 'dotnet restore App.sln', 'dotnet restore src/App/App.csproj'],
      build: 'dotnet publish src/App/App.csproj -c Release -o /out',
      source: 'src/Core/Core.cs',
    },
  ),
  dotnet(
    'locked',
    { 'App.csproj': csproj(), 'packages.lock.json': '{}\n' },
    { installs: ['dotnet restore --locked-mode'] },
  ),
  dotnet(
    'tools',
    { 'App.csproj': csproj(), '.config/dotnet-tools.json': '{"tools": {}}\n' },
    { installs: ['dotnet tool restore && dotnet restore'] },
  ),
];
