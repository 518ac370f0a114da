/**
 * Preloaded (`node --require`), in worker threads too: writes down each use of the network and each program started,
 * a line each in the file that REACHED names. By what Node itself opens, so that it does not matter by which function.
 */
const { createHook } = require('node:async_hooks');
const { ChildProcess } = require('node:child_process');
const { appendFileSync } = require('node:fs');

const NETWORK = /^(TCP|UDP|TLS|HTTP|PIPECONNECT|GETADDRINFO|GETNAMEINFO|QUERY|DNSCHANNEL|INSPECTOR)/;
const reached = (what) => appendFileSync(process.env.REACHED, `${what}\n`);

createHook({
  init: (_id, type) => {
    if (NETWORK.test(type)) reached(`network ${type}`);
  },
}).enable();

const spawn = ChildProcess.prototype.spawn;
ChildProcess.prototype.spawn = function (options) {
  reached(`program ${options.args.join(' ')}`);
  return spawn.call(this, options);
};
const synchronous = process.binding('spawn_sync');
const spawnSync = synchronous.spawn;
synchronous.spawn = (options) => {
  reached(`program ${options.args.join(' ')}`);
  return spawnSync(options);
};
