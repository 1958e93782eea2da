const revision =
  /^(?:[A-Z0-9]+_)*(?:(?:GIT|VCS|SCM|CI|SOURCE|BUILD|APP|IMAGE|CODE|HEAD)_?)?(?:SHA1?|COMMIT(?:_(?:SHA|HASH|ID|REF|DATE|TIME|TIMESTAMP))?|REVISION|BUILD_?(?:DATE|TIME|TIMESTAMP|ID|NUMBER|NUM|NO|REF|TAG|SHA|COMMIT|REVISION|VERSION)|GIT_?(?:REF|HASH|TAG|BRANCH|REV|VERSION|DESCRIBE|INFO)|CACHE_?BUST(?:ER)?|BUST_CACHE|SOURCE_DATE_EPOCH|PIPELINE_ID|RUN_ID|RUN_NUMBER)$/i;
const version = /^(?:APP|RELEASE|IMAGE|PROJECT|PACKAGE|PKG|SERVICE|SOFTWARE)?_?VERSION$/i;

/** Names of what is another with nearly every build: a commit, a date, a build number. */
export const isRevisionName = (name: string): boolean => revision.test(name);

const buster = /CACHE_?(BUST|DATE|KEY|BREAK)|BUST|REFRESH|NO_?CACHE/i;

/** Names of what is there to run the next steps again on purpose. */
export const isCacheBuster = (name: string): boolean => buster.test(name);

/** Names of an application's own version, as far as a name tells: APP_VERSION, VERSION. */
export const isVersionName = (name: string): boolean => version.test(name);
