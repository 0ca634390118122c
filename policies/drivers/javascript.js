// Calls a JavaScript candidate on behalf of a supervisor outside the sandbox, or runs a checker against one.
//
// Descriptor 3 is a stream of frames: four bytes of length, little-endian, then one JSON document in UTF-8. The first frame is
// {"mode": "serve", "file", "module"} or {"mode": "check"}; the encoding of values is that of python.py beside this file. An
// engine cannot be forked, so each process serves one case or one check, in a sandbox of its own.
"use strict";

const fs = require("fs");
const { createRequire } = require("module");

const CHANNEL = 3;
const MAXIMUM_FRAME = 8 << 20;
const MAXIMUM_DEPTH = 40;
const MAXIMUM_NODES = 1 << 20;

// The candidate may change these for itself, not for what follows.
const { parse, stringify } = JSON;

function readExactly(size) {
  const buffer = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const count = fs.readSync(CHANNEL, buffer, at, size - at, null);
    if (count === 0) process.exit(0);
    at += count;
  }
  return buffer;
}

function readFrame() {
  const size = readExactly(4).readUInt32LE();
  if (size > MAXIMUM_FRAME) process.exit(0);
  return parse(readExactly(size).toString("utf8"));
}

function writeFrame(value) {
  const body = Buffer.from(stringify(value), "utf8");
  const frame = Buffer.alloc(4 + body.length);
  frame.writeUInt32LE(body.length);
  body.copy(frame, 4);
  for (let at = 0; at < frame.length; ) at += fs.writeSync(CHANNEL, frame, at);
}

// ---- typed values

class CannotCross extends Error {}

class Encoder {
  constructor() {
    this.nodes = 0;
  }

  encode(value, depth = 0) {
    this.nodes += 1;
    if (depth > MAXIMUM_DEPTH) throw new CannotCross(`nested deeper than ${MAXIMUM_DEPTH} levels`);
    if (this.nodes > MAXIMUM_NODES) throw new CannotCross(`more than ${MAXIMUM_NODES} values`);
    switch (typeof value) {
      case "undefined":
        return { undefined: null };
      case "boolean":
        return value;
      case "bigint":
        return { int: value.toString() };
      case "number":
        return this.number(value);
      case "string":
        if (!isWellFormed(value)) throw new CannotCross("a string with a lone surrogate");
        return value;
      case "object":
        return value === null ? null : this.object(value, depth);
      default:
        throw new CannotCross(`a ${typeof value}`);
    }
  }

  number(value) {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value;
    if (Number.isNaN(value)) return { float: "nan" };
    return { float: Object.is(value, -0) ? "-0.0" : String(value) };
  }

  object(value, depth) {
    const prototype = Object.getPrototypeOf(value);
    const inner = (item) => this.encode(item, depth + 1);
    if (prototype === Array.prototype) return Array.from({ length: value.length }, (_, index) => inner(value[index]));
    if (prototype === Set.prototype) return { set: [...value].map(inner) };
    if (prototype === Map.prototype) return { dict: [...value].map(([key, item]) => [inner(key), inner(item)]) };
    if (prototype === Uint8Array.prototype || prototype === Buffer.prototype)
      return { bytes: Buffer.from(value).toString("hex") };
    if (prototype === Object.prototype || prototype === null)
      return { dict: Object.keys(value).map((key) => [inner(key), inner(value[key])]) };
    throw new CannotCross(`an object of type ${typeName(prototype)}`);
  }
}

function isWellFormed(text) {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

function typeName(prototype) {
  const own = prototype && Object.getOwnPropertyDescriptor(prototype, "constructor");
  const name = own && typeof own.value === "function" ? own.value.name : "";
  return String(name || "?").slice(0, 100);
}

function decode(value) {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== "object") return value;
  const [[tag, inner]] = Object.entries(value);
  switch (tag) {
    case "undefined":
      return undefined;
    case "int":
      return BigInt(inner);
    case "float":
      return { nan: NaN, inf: Infinity, "-inf": -Infinity }[inner] ?? Number(inner);
    case "bytes":
    case "bytearray":
      return Buffer.from(inner, "hex");
    case "set":
    case "frozenset":
      return new Set(inner.map(decode));
    case "tuple":
      return inner.map(decode);
    case "dict": {
      const pairs = inner.map(([key, item]) => [decode(key), decode(item)]);
      if (!pairs.every(([key]) => typeof key === "string")) return new Map(pairs);
      const object = {};
      for (const [key, item] of pairs)
        Object.defineProperty(object, key, { value: item, writable: true, enumerable: true, configurable: true });
      return object;
    }
    default:
      throw new TypeError(`unknown tag ${tag}`);
  }
}

// Class names from the most special to the most general, and the text.
function description(error) {
  try {
    if (error === null || typeof error !== "object") return { types: [typeof error], text: String(error).slice(0, 2000) };
    const types = [];
    for (let at = Object.getPrototypeOf(error); at && at !== Object.prototype && types.length < 20; at = Object.getPrototypeOf(at))
      types.push(typeName(at));
    const text = typeof error.message === "string" ? error.message.slice(0, 2000) : "";
    return { types: types.length ? types : ["Object"], text: isWellFormed(text) ? text : "" };
  } catch {
    return { types: ["?"], text: "" };
  }
}

// ---- the candidate

// Runs a module's text the way CommonJS does, and returns a look-up of what it exports or declares.
async function load(file, source) {
  if (file.endsWith(".mjs")) {
    const exports = await import(file);
    return (name) => exports[name];
  }
  const module = { exports: {} };
  const body = `(function (exports, require, module, __filename, __dirname) {${source}\n;return (name) => eval(name);\n})`;
  const declared = require("vm").runInThisContext(body, { filename: file })(
    module.exports, createRequire(file), module, file, "/box");
  return (name) => {
    if (module.exports && (typeof module.exports === "object" || typeof module.exports === "function") && name in module.exports)
      return module.exports[name];
    return declared(name);
  };
}

function find(look, entry) {
  const [first, ...rest] = entry.split(".");
  let [owner, target] = [undefined, look(first)];
  for (const part of rest) [owner, target] = [target, target[part]];
  if (typeof target !== "function") throw new TypeError(`${entry} is no function`);
  return target.bind(owner);
}

async function answer(look, request) {
  let target;
  try {
    target = find(look, request.entry);
  } catch (error) {
    return { missing: request.entry, exception: description(error) };
  }
  let value;
  try {
    const named = request.kwargs ?? [];
    const last = named.length ? [Object.fromEntries(named.map(([name, item]) => [name, decode(item)]))] : [];
    value = await target(...(request.args ?? []).map(decode), ...last);
  } catch (error) {
    return { exception: description(error) };
  }
  try {
    return { value: new Encoder().encode(value) };
  } catch (error) {
    return { cannotCross: error instanceof CannotCross ? error.message : "an object that fails when it is read" };
  }
}

async function serve(setup) {
  // Before the candidate has its first say: from here on an end is the candidate's.
  writeFrame({ ready: true });
  let look, problem;
  try {
    look = await load(setup.file, fs.readFileSync(setup.file, "utf8"));
  } catch (error) {
    problem = { unloadable: true, exception: description(error) };
  }
  for (;;) {
    const request = readFrame();
    writeFrame(problem ?? (await answer(look, request)));
  }
}

// ---- the checker

class Refused {}

function proxy(entry) {
  return (...args) => {
    const encoder = new Encoder();
    writeFrame({ entry, args: args.map((item) => encoder.encode(item)), kwargs: [] });
    const reply = readFrame();
    if ("value" in reply) return decode(reply.value);
    if ("exception" in reply && !("missing" in reply) && !("unloadable" in reply)) throw remoteError(reply.exception);
    throw Object.assign(new Refused(), { reply });
  };
}

// What the candidate threw, as an error of the same built-in kind where there is one.
function remoteError({ types, text }) {
  const known = { RangeError, TypeError, SyntaxError, ReferenceError, EvalError, URIError };
  const Kind = types.map((name) => known[name]).find((kind) => kind) ?? Error;
  return Object.assign(new Kind(text), { name: types[0], orketCandidate: true });
}

async function perform(request) {
  const proxies = Object.fromEntries(request.entries.map((name) => [name, proxy(name)]));
  const everything = new Proxy(proxies, {
    get: (known, name) => (typeof name === "string" ? known[name] ?? (known[name] = proxy(name)) : undefined),
  });
  const own = createRequire("/box/checker.js");
  const wanted = new Set([request.module, `./${request.module}`, `./${request.module}.js`]);
  const require = (name) => (wanted.has(name) ? everything : own(name));
  const names = request.entries;
  const body = `(async function (require, module, exports, ${["__unused", ...names].join(", ")}) {${request.source}
;return typeof ${request.function} === "function" ? ${request.function} : undefined;\n})`;
  const module = { exports: {} };
  const run = new (require("vm").Script)(body, { filename: "checker" }).runInThisContext();
  const declared = await run(require, module, module.exports, undefined, ...names.map((name) => proxies[name]));
  if (request.style === "unittest") return { invalid: "the style unittest is Python's" };
  if (request.style === "asserts") return { passed: 1 };
  const check = declared ?? module.exports[request.function];
  if (typeof check !== "function") return { invalid: `the checker has no function ${request.function}` };
  await check(...names.map((name) => proxies[name]));
  return { passed: 1 };
}

function place(error) {
  const found = /\bchecker:(\d+)/.exec(String(error && error.stack));
  return found ? Number(found[1]) : null;
}

async function check() {
  writeFrame({ ready: true });
  const request = readFrame();
  let result;
  try {
    result = await perform(request);
  } catch (error) {
    if (error instanceof Refused) result = { refused: error.reply };
    else if (error instanceof CannotCross) result = { invalid: `the checker passes what cannot cross: ${error.message}` };
    else if (error && error.code === "ERR_ASSERTION") result = { failed: String(error.message).slice(0, 2000), line: place(error) };
    else result = { [error && error.orketCandidate ? "raised" : "checkerRaised"]: description(error), line: place(error) };
  }
  writeFrame({ checked: result });
}

const setup = readFrame();
if (setup.mode === "serve") serve(setup);
else if (setup.mode === "check") check();
