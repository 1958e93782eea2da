// Runs inside the host's own Node: starts VS Code's server out of code-server's package, without code-server's login,
// proxy and settings. Arguments: the path of server-main.js, then flags of VS Code's server.
// It answers on 127.0.0.1 and prints "listening on PORT". With --install-extension it installs and exits instead.
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const [main, ...flags] = process.argv.splice(2);
// server-main.js starts a server by itself unless code-server is its parent.
process.env.CODE_SERVER_PARENT_PID = String(process.pid);

/** `--name=value` and `--name`; what can be given several times is a list, as VS Code's own parser has it. */
function parse(list) {
  const args = { _: [], compatibility: '1.64' };
  for (const flag of list) {
    const [, name, value = true] = /^--([^=]+)(?:=(.*))?$/s.exec(flag);
    if (name === 'install-extension' || name === 'enable-proposed-api') args[name] = [...(args[name] ?? []), value];
    else args[name] = value;
  }
  return args;
}

const served = process.env.VSCODE_HOST_WEB_ROOTS?.split(path.delimiter) ?? [];
const contentTypes = { '.js': 'text/javascript', '.json': 'application/json' };

/** A web extension is loaded over http: `/_file/ABSOLUTE/PATH` is a file below one of the served folders. */
function sendFile(pathname, response) {
  const file = path.resolve(decodeURIComponent(pathname.slice('/_file'.length)));
  if (!served.some((root) => file.startsWith(root + path.sep))) return response.writeHead(403).end();
  fs.readFile(file, (error, data) => {
    if (error) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': contentTypes[path.extname(file)] ?? 'text/plain' }).end(data);
  });
}

async function start() {
  const args = parse(flags);
  const bundle = await import(pathToFileURL(main).href);
  const code = await (bundle.loadCodeWithNls ?? bundle.default.loadCodeWithNls)();
  if (args['install-extension']) return code.spawnCli(args);
  const vscode = await code.createServer(null, args);
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    if (pathname.startsWith('/_file/')) sendFile(pathname, response);
    else vscode.handleRequest(request, response);
  });
  server.on('upgrade', (request, socket) => vscode.handleUpgrade(request, socket));
  server.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  server.listen(Number(args.port ?? 0), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
}

start();
