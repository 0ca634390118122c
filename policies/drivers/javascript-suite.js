// Runs a test suite of node:test in the process in which the candidate runs too, and reports each test.
//
// This file is both the program and its reporter (`--test-reporter`). Descriptor 3 is a stream of frames, as in python-suite.py
// beside this file, with the same messages: {"nonce", "tests"} comes in; "ready", "test", "problem" and "end" go out, each with
// the nonce and its own number.
//
// The candidate shares this process, so that in principle it can forge every report. What is done against it: `node:assert` and
// `node:test` are frozen before anything of it is loaded, and what this program calls later is kept apart.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const suite = require("node:test");
const { pathToFileURL } = require("node:url");

const CHANNEL = 3;
const WORKSPACE = "/box";
const MAXIMUM_NAME = 2000;
const MAXIMUM_DETAIL = 400;

// The candidate may change these for itself, not for what follows.
const { parse, stringify } = JSON;
const { writeSync } = fs;
const bytesOf = Buffer.from;

function readSetup() {
  const exactly = (size) => {
    const buffer = Buffer.alloc(size);
    for (let at = 0; at < size; ) {
      const count = fs.readSync(CHANNEL, buffer, at, size - at, null);
      if (count === 0) process.exit(0);
      at += count;
    }
    return buffer;
  };
  return parse(exactly(exactly(4).readUInt32LE()).toString("utf8"));
}

let nonce = "";
let number = 0;

function send(kind, name = "", status = "", detail = "") {
  const body = bytesOf(stringify({ nonce, number, kind, name, status, detail }), "utf8");
  number += 1;
  const frame = Buffer.alloc(4 + body.length);
  frame.writeUInt32LE(body.length);
  body.copy(frame, 4);
  for (let at = 0; at < frame.length; ) at += writeSync(CHANNEL, frame, at);
}

// Without lone surrogates, which no UTF-8 has.
function plain(text, maximum) {
  try {
    return bytesOf(String(text), "utf8").toString("utf8").slice(0, maximum).replace(/[\uD800-\uDBFF]$/, "");
  } catch {
    return "?";
  }
}

// ---- the reporter

// The names of the tests around the one that is reported, by their depth.
const around = [];
const seen = new Map();

// Tests of one name are told apart by their order.
function identify(data) {
  const file = data.file ? path.relative(WORKSPACE, data.file.replace(/^file:\/\//, "")) : "?";
  const name = plain([file, ...around.slice(0, data.nesting), data.name].join(" > "), MAXIMUM_NAME);
  const count = (seen.get(name) ?? 0) + 1;
  seen.set(name, count);
  return count === 1 ? name : `${name} #${count}`;
}

function statusOf(type, data) {
  if (data.skip !== undefined && data.skip !== false) return "skipped";
  if (data.todo !== undefined && data.todo !== false) return type === "test:pass" ? "xpassed" : "xfailed";
  return type === "test:pass" ? "passed" : "failed";
}

function detailOf(data) {
  const error = data.details && data.details.error;
  const cause = error && (error.cause ?? error);
  return cause ? plain(cause.message ?? cause, MAXIMUM_DETAIL).split("\n")[0] : "";
}

async function* reporter(source) {
  for await (const { type, data } of source) {
    if (type === "test:start") around[data.nesting] = data.name;
    if (type !== "test:pass" && type !== "test:fail") continue;
    // A suite is what its tests are; one that fails without a test that does has failed by itself.
    if (data.details && data.details.type === "suite") {
      const failure = data.details.error && data.details.error.failureType;
      if (type === "test:fail" && failure !== "subtestsFailed") send("problem", identify(data), "failed", detailOf(data));
      continue;
    }
    send("test", identify(data), statusOf(type, data), detailOf(data));
  }
  send("end");
}

// ---- the program

// The files that `node --test` would take.
function testFiles(directory) {
  return fs
    .readdirSync(directory, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inner = path.join(directory, entry.name);
      if (entry.isDirectory()) return entry.name === "node_modules" ? [] : testFiles(inner);
      return /^(test|test-.*|.*[.\-_]test)\.[cm]?js$/.test(entry.name) ? [inner] : [];
    });
}

async function main() {
  const setup = readSetup();
  nonce = setup.nonce;
  for (const object of [assert, assert.strict, assert.AssertionError, suite]) Object.freeze(object);
  const files = testFiles(setup.tests);
  send("ready");
  // No test at all starts no reporter.
  if (files.length === 0) return send("end");
  for (const file of files) {
    try {
      await import(pathToFileURL(file));
    } catch (error) {
      send("problem", path.relative(WORKSPACE, file), "failed", plain(error && error.message, MAXIMUM_DETAIL).split("\n")[0]);
    }
  }
}

module.exports = reporter;
if (require.main === module) main();
