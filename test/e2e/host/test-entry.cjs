// Runs in the extension host in front of the tests, and marks what they print (see code.mjs).
const { format } = require('node:util');
const { pathToFileURL } = require('node:url');

const mark = process.env.VSCODE_HOST_MARK;
for (const method of ['log', 'info', 'warn', 'error']) {
  const forward = console[method];
  const value = (...values) => {
    for (const line of format(...values).split('\n')) forward.call(console, mark + line);
  };
  // VS Code's own is an accessor whose setter does nothing: it has to be defined anew.
  Object.defineProperty(console, method, { value, configurable: true, writable: true });
}

exports.run = async () => {
  const tests = await import(pathToFileURL(process.env.VSCODE_HOST_TESTS).href);
  await (tests.run ?? tests.default.run)();
};
