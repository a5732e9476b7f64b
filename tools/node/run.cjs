'use strict'
/*
 * Runs a command of this repository on the Node that npm brought, whatever Node is on the machine:
 *
 *     node tools/node/run.cjs vitest run
 *
 * npm 11 links the program as node_modules/.bin/node, where scripts find it by themselves. npm 10, which comes with Node
 * 20 and 22, removes that link again with the programs of the other platforms, so it cannot be relied on. Written in
 * old syntax, because the Node that reads this file may be an old one.
 */
var childProcess = require('child_process')
var fs = require('fs')
var path = require('path')

var onWindows = process.platform === 'win32'
var root = path.join(__dirname, '..', '..')

/** The folder of the Node that was brought, or null where there is no package for the platform. */
function findBroughtNode() {
  var platform = (onWindows ? 'win' : process.platform) + '-' + process.arch
  var names = ['node-' + platform, 'node-bin-' + platform]
  for (var index = 0; index < names.length; index += 1) {
    var folder = path.join(root, 'node_modules', names[index], 'bin')
    if (fs.existsSync(path.join(folder, onWindows ? 'node.exe' : 'node'))) return folder
  }
  return null
}

/** The environment with that folder first on the path, then the tools, so that both win over the machine's own. */
function environment() {
  var env = Object.assign({}, process.env)
  var name = 'PATH'
  // Windows spells the variable as it likes.
  Object.keys(env).forEach(function (key) {
    if (onWindows && key.toUpperCase() === 'PATH') name = key
  })
  var folders = [findBroughtNode(), path.join(root, 'node_modules', '.bin'), env[name]]
  env[name] = folders.filter(Boolean).join(path.delimiter)
  return env
}

function main(command) {
  if (command.length === 0) {
    process.stderr.write('usage: node tools/node/run.cjs COMMAND [ARGUMENT...]\n')
    process.exitCode = 1
    return
  }
  // On Windows the tools are .cmd files, which only a shell can start.
  var options = { stdio: 'inherit', env: environment(), shell: onWindows }
  var child = childProcess.spawn(command[0], command.slice(1), options)
  child.on('error', function (error) {
    process.stderr.write('cannot run ' + command[0] + ': ' + error.message + '. Was `npm ci` run?\n')
    process.exitCode = 1
  })
  child.on('exit', function (code, signal) {
    process.exitCode = signal === null ? code : 1
  })
  // Ctrl-C reaches the child by itself; what ends only this process has to be passed on.
  process.on('SIGINT', function () {})
  process.on('SIGTERM', function () {
    child.kill('SIGTERM')
  })
}

main(process.argv.slice(2))
