/**
 * VS Code's server has two native modules that npm does not bring compiled: its log writer, and a watchdog that
 * ends an extension host whose parent is gone. Compiling them would ask a fresh machine for g++, make and Python.
 * The server starts without either, but keeps no logs then. So the writer gets a stand-in in JavaScript, and the
 * watchdog one that does nothing: the extension host also looks for its parent each second by itself.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const LOG_WRITER = `const fs = require('node:fs');
const path = require('node:path');

const NAMES = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  constructor(_type, _name, file) {
    this.file = file;
    this.level = 2;
  }
  write(level, text) {
    if (level < this.level) return;
    fs.appendFileSync(this.file, new Date().toISOString() + ' [' + NAMES[level] + '] ' + text + '\\n');
  }
  trace(text) { this.write(0, text); }
  debug(text) { this.write(1, text); }
  info(text) { this.write(2, text); }
  warn(text) { this.write(3, text); }
  error(text) { this.write(4, text); }
  critical(text) { this.write(5, text); }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() {}
  clearFormatters() {}
  flush() {}
  drop() {}
}

async function create(name, file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return new Logger('', name, file);
}

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
`;

const WATCHDOG = `exports.start = () => {};
exports.exit = (code) => process.exit(code || 0);
`;

/**
 * Puts both in place of the modules' own entries.
 * @param {string} modules the server's node_modules
 */
export function writeNativeStandIns(modules) {
  writeFileSync(path.join(modules, '@vscode/spdlog/index.js'), LOG_WRITER);
  writeFileSync(path.join(modules, '@vscode/native-watchdog/index.js'), WATCHDOG);
}
