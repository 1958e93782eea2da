const revision =
  /^(?:[A-Z0-9]+_)*(?:(?:GIT|VCS|SCM|CI|SOURCE|BUILD|APP|IMAGE|CODE|HEAD)_?)?(?:COMMIT(?:_(?:SHA|HASH|ID|REF|TAG|DATE|TIME|TIMESTAMP))?|REVISION|BUILD_?(?:DATE|TIME|TIMESTAMP|ID|NUMBER|NUM|NO|REF|TAG|SHA|COMMIT|REVISION|VERSION)|GIT_?(?:REF|HASH|TAG|BRANCH|REV|VERSION|DESCRIBE|INFO)|CACHE_?BUST(?:ER)?|BUST_CACHE|SOURCE_DATE_EPOCH|PIPELINE_ID|RUN_ID|RUN_NUMBER)$/i;
/** LUA_SHA is the checksum of a download: only these prefixes make a SHA a commit's. */
const commitSha =
  /^(?:(?:[A-Z0-9]+_)*(?:GIT|GITHUB|VCS|SCM|CI|SOURCE|BUILD|APP|IMAGE|CODE|HEAD|REF|RELEASE)_?)?SHA1?$/i;
/** With the prefixes that bundlers of web applications ask of variables which go into the pages. */
const version =
  /^(?:(?:(?:(?:NEXT_|NUXT_|EXPO_)?PUBLIC|VITE|REACT_APP|VUE_APP|GATSBY)_)?(?:APP|RELEASE|IMAGE|PROJECT|PACKAGE|PKG|SERVICE|SOFTWARE|CODE)_?)?VERSION$/i;

/** Names of what is another with nearly every build: a commit, a date, a build number. */
export const isRevisionName = (name: string): boolean => revision.test(name) || commitSha.test(name);

const ownCommit =
  /^(?:(?:GIT|GITHUB|VCS|SCM|CI|SOURCE|SRC|BUILD|APP|IMAGE|CODE|HEAD|REPO|RELEASE)_?)*(?:COMMIT|SHA|REVISION)/i;

/** Whether somebody else's sources are pinned: LUAJIT_COMMIT with a commit as its value changes when it is edited. */
export const isPinnedCommit = (name: string, value: string | undefined): boolean =>
  !ownCommit.test(name) && /^["']?[0-9a-f]{7,64}["']?$/i.test(value ?? '');

const buster = /CACHE_?(BUST|DATE|KEY|BREAK)|BUST|REFRESH|NO_?CACHE/i;

/** Names of what is there to run the next steps again on purpose. */
export const isCacheBuster = (name: string): boolean => buster.test(name);

/** Names of an application's own version, as far as a name tells: APP_VERSION, VERSION. */
export const isVersionName = (name: string): boolean => version.test(name);
