// Makes mutants of the JavaScript program on stdin: small changes that a good test notices.
//
// One JSON object a line goes to stdout: {id, line, column, operator, description, start, end, text}. The bytes from `start` to
// `end` of the program become `text`. The order is that of the source. A change that does not parse, or that another one made
// before is left out. Works on tokens, so it needs no parser: the engine's own says what is a program. Exit status 1: the
// program does not parse; stderr says why.
"use strict";

const fs = require("fs");
const { Script } = require("vm");

const LONGEST = 48;

// Longest first: the first that fits is the token.
const PUNCTUATORS = [
  ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=", "<=", ">=", "&&", "||", "??",
  "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "**", "{", "}", "(", ")", "[", "]", ";", ",",
  "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~", "?", ":", "=", ".", "@",
];
// A slash after one of these begins a regular expression.
const OPERATOR_WORDS = new Set([
  "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "instanceof", "do", "else", "yield", "await",
]);
const KEYWORDS = new Set([
  ...OPERATOR_WORDS, "if", "for", "while", "switch", "with", "catch", "function", "class", "const", "let", "var", "break",
  "continue", "try", "finally", "import", "export", "default", "extends", "super", "this", "null", "true", "false", "debugger",
  "async", "static",
]);

const BINARY = {
  "<": [["boundary", "<="], ["compare", ">"]], "<=": [["boundary", "<"], ["compare", ">="]],
  ">": [["boundary", ">="], ["compare", "<"]], ">=": [["boundary", ">"], ["compare", "<="]],
  "===": [["compare", "!=="]], "!==": [["compare", "==="]], "==": [["compare", "!="]], "!=": [["compare", "=="]],
  "+": [["arithmetic", "-"]], "-": [["arithmetic", "+"]], "*": [["arithmetic", "+"]], "/": [["arithmetic", "*"]],
  "%": [["arithmetic", "*"]], "**": [["arithmetic", "*"]], "<<": [["arithmetic", ">>"]], ">>": [["arithmetic", "<<"]],
  ">>>": [["arithmetic", "<<"]], "&": [["arithmetic", "|"]], "|": [["arithmetic", "&"]], "^": [["arithmetic", "&"]],
  "&&": [["boolean", "||"]], "||": [["boolean", "&&"]], "??": [["boolean", "&&"]],
  "+=": [["arithmetic", "-="], ["assignment", "="]], "-=": [["arithmetic", "+="], ["assignment", "="]],
  "*=": [["arithmetic", "+="], ["assignment", "="]], "/=": [["arithmetic", "*="], ["assignment", "="]],
  "%=": [["arithmetic", "*="], ["assignment", "="]],
};
const NAMES = {
  min: "max", max: "min", floor: "ceil", ceil: "floor", some: "every", every: "some", startsWith: "endsWith",
  endsWith: "startsWith", indexOf: "lastIndexOf", lastIndexOf: "indexOf", toLowerCase: "toUpperCase",
  toUpperCase: "toLowerCase", push: "unshift", unshift: "push", shift: "pop", pop: "shift", trimStart: "trimEnd",
  trimEnd: "trimStart",
};

// ---- tokens

/// {kind, text, start, end, newline}: kind is word, number, string, template, regex or punctuator; `newline` when a line ends before
/// it. A template with substitutions is one token for each piece of text; what it substitutes is between them.
class Tokenizer {
  constructor(source) {
    this.source = source;
    this.at = 0;
    this.tokens = [];
    // For each open bracket: what a slash after its end would be.
    this.open = [];
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    return found && found[0];
  }

  add(kind, length, newline) {
    const text = this.source.slice(this.at, this.at + length);
    this.tokens.push({ kind, text, start: this.at, end: this.at + length, newline });
    this.at += length;
  }

  /// True where an operand is due, so a slash begins a regular expression.
  wantsOperand() {
    const last = this.tokens[this.tokens.length - 1];
    if (!last) return true;
    if (last.kind === "word") return OPERATOR_WORDS.has(last.text) && !this.isMember(this.tokens.length - 1);
    if (last.kind === "template") return !last.isEnd;
    if (last.kind !== "punctuator") return false;
    if (last.text === ")" || last.text === "}") return last.endsStatement;
    return last.text !== "]" && last.text !== "++" && last.text !== "--";
  }

  isMember(index) {
    const before = this.tokens[index - 1];
    return before !== undefined && (before.text === "." || before.text === "?.");
  }

  run() {
    if (this.source.startsWith("#!")) this.at = this.match(/.*/y).length;
    for (;;) {
      const blank = this.match(/(?:\s|\/\/.*|\/\*[^]*?\*\/)*/y);
      this.at += blank.length;
      if (this.at >= this.source.length) return this.tokens;
      this.next(/[\n\r\u2028\u2029]/.test(blank));
    }
  }

  next(newline) {
    const character = this.source[this.at];
    let text;
    if (character === "`") return this.template(newline, true);
    if (character === "}" && this.open[this.open.length - 1]?.isTemplate) {
      this.open.pop();
      return this.template(newline, false);
    }
    if ((text = this.match(/"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y))) return this.add("string", text.length, newline);
    if ((text = this.match(/0[xXoObB][\da-fA-F_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?n?/y))) {
      return this.add("number", text.length, newline);
    }
    if ((text = this.match(/#?(?:[\p{ID_Start}$_]|\\u[\da-fA-F{}]+)(?:[\p{ID_Continue}$\u200c\u200d]|\\u[\da-fA-F{}]+)*/uy))) {
      return this.add("word", text.length, newline);
    }
    if (character === "/" && this.wantsOperand()) {
      text = this.match(/\/(?:[^\\\/\[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+\/[\p{ID_Continue}$]*/uy);
      if (text) return this.add("regex", text.length, newline);
    }
    text = PUNCTUATORS.find((item) => this.source.startsWith(item, this.at));
    // `a?.5:b` is a condition.
    if (text === "?." && /\d/.test(this.source[this.at + 2] ?? "")) text = "?";
    if (!text) throw new SyntaxError(`no token at ${this.at}`);
    this.bracket(text);
    this.add("punctuator", text.length, newline);
    if (text === ")" || text === "}") this.tokens[this.tokens.length - 1].endsStatement = this.closed;
  }

  /// Keeps what every closing bracket will mean: `if (...)` and blocks are followed by a statement, others by an operator.
  bracket(text) {
    const index = this.tokens.length - 1;
    const last = this.tokens[index];
    if (text === "(") {
      const isHead = last?.kind === "word" && ["if", "while", "for", "with"].includes(last.text) && !this.isMember(index);
      this.open.push({ endsStatement: isHead });
    } else if (text === "{") {
      const isBlock =
        !last || [")", ";", "{", "}", "=>"].includes(last.text) || ["else", "do", "try", "finally"].includes(last.text);
      this.open.push({ endsStatement: isBlock });
    } else if (text === "[") {
      this.open.push({ endsStatement: false });
    } else if (text === ")" || text === "}" || text === "]") {
      this.closed = this.open.pop()?.endsStatement ?? false;
    }
  }

  template(newline, isStart) {
    const text = this.match(isStart ? /`(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y : /\}(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y);
    if (!text) throw new SyntaxError(`a template without an end at ${this.at}`);
    const isEnd = text.endsWith("`") && (text.length > 1 || !isStart);
    this.add("template", text.length, newline);
    Object.assign(this.tokens[this.tokens.length - 1], { isStart, isEnd });
    if (!isEnd) this.open.push({ isTemplate: true });
  }
}

// ---- changes

class Finder {
  constructor(source, tokens) {
    this.source = source;
    this.tokens = tokens;
    this.found = [];
    this.ends = this.partners();
  }

  /// For each opening bracket the index of its end.
  partners() {
    const ends = new Map();
    const open = [];
    this.tokens.forEach((token, index) => {
      if (token.kind === "punctuator" && "([{".includes(token.text)) open.push(index);
      else if (token.kind === "punctuator" && ")]}".includes(token.text)) ends.set(open.pop(), index);
    });
    return ends;
  }

  add(start, end, operator, text, what) {
    const old = this.source.slice(start, end);
    this.found.push({ start, end, operator, text, what: what ?? `${short(old)} -> ${short(text) || "nothing"}` });
  }

  replace(token, operator, text) {
    this.add(token.start, token.end, operator, text);
  }

  /// True when the token ends an operand, so that what follows is a binary operator.
  endsOperand(token) {
    if (!token) return false;
    if (token.kind === "word") return !OPERATOR_WORDS.has(token.text);
    if (token.kind === "punctuator") return [")", "]", "}", "++", "--"].includes(token.text) && !token.endsStatement;
    return token.kind !== "template" || token.isEnd;
  }

  run() {
    this.tokens.forEach((token, index) => this[token.kind]?.(token, index));
    return this.found.sort((a, b) => a.start - b.start || a.end - b.end);
  }

  punctuator(token, index) {
    if (this.endsOperand(this.tokens[index - 1])) {
      for (const [operator, text] of BINARY[token.text] ?? []) this.replace(token, operator, text);
    } else if (token.text === "-" || token.text === "~") {
      this.replace(token, "sign", "");
    }
    if (token.text === "!") this.replace(token, "boolean", "");
    if (token.text === "++") this.replace(token, "arithmetic", "--");
    if (token.text === "--") this.replace(token, "arithmetic", "++");
    if (token.text === "(") this.call(index);
    if (this.beginsStatement(index + 1) && [";", "{", "}", ")"].includes(token.text)) this.remove(index + 1);
  }

  number(token) {
    const value = Number(token.text.replace(/_|n$/g, ""));
    if (!Number.isFinite(value)) return;
    const suffix = token.text.endsWith("n") && !/^0[xX]/.test(token.text) ? "n" : "";
    this.replace(token, "constant", String(value + 1) + suffix);
    if (Number.isInteger(value)) this.replace(token, "constant", value > 0 ? String(value - 1) + suffix : `(-1${suffix})`);
  }

  string(token, index) {
    const [before, after] = [this.tokens[index - 1], this.tokens[index + 1]];
    // A directive, or a name that only has quotes on.
    if ((!before || before.text === "{" || before.text === ";") && (!after || after.text === ";" || after.newline)) return;
    if (after?.text === ":" && (before?.text === "{" || before?.text === ",")) return;
    if (before?.text === "(" && this.tokens[index - 2]?.text === "require") return;
    this.replace(token, "constant", token.text.length > 2 ? '""' : '"orket"');
  }

  template(token) {
    if (token.isStart && token.isEnd) this.replace(token, "constant", token.text.length > 2 ? "``" : "`orket`");
  }

  word(token, index) {
    const isMember = [".", "?."].includes(this.tokens[index - 1]?.text);
    const isKey = this.tokens[index + 1]?.text === ":" && ["{", ","].includes(this.tokens[index - 1]?.text);
    if (isKey) return;
    if (isMember) {
      if (Object.hasOwn(NAMES, token.text)) this.replace(token, "name", NAMES[token.text]);
      return;
    }
    if (token.text === "true") this.replace(token, "constant", "false");
    if (token.text === "false") this.replace(token, "constant", "true");
    if (token.text === "break" || token.text === "continue") {
      this.replace(token, "loop", token.text === "break" ? "continue" : "break");
    }
    if (token.text === "return") this.returned(index);
    if (token.text === "if" || token.text === "while") this.negate(index + 1);
    if (index === 0 && this.beginsStatement(0)) this.remove(0);
  }

  /// The index of the token that ends the statement which begins at `index`: its semicolon, or the bracket around it.
  statementEnd(index) {
    for (let at = index; at < this.tokens.length; at++) {
      const token = this.tokens[at];
      if (token.kind !== "punctuator") continue;
      if (this.ends.has(at)) at = this.ends.get(at);
      else if (token.text === ";" || ")]}".includes(token.text)) return at;
    }
    return this.tokens.length;
  }

  returned(index) {
    const end = this.statementEnd(index + 1);
    const next = this.tokens[index + 1];
    if (end === index + 1 || !next || next.newline || next.text === "undefined") return;
    const [start, last] = [next.start, this.tokens[end - 1].end];
    this.add(start, last, "return", "undefined");
  }

  negate(index) {
    const end = this.ends.get(index);
    if (this.tokens[index]?.text !== "(" || end === undefined || end === index + 1) return;
    const [start, last] = [this.tokens[index + 1].start, this.tokens[end - 1].end];
    const text = this.source.slice(start, last);
    this.add(start, last, "condition", `!(${text})`, `${short(text)} -> !(${short(text)})`);
  }

  beginsStatement(index) {
    const token = this.tokens[index];
    if (!token) return false;
    if (token.text === "++" || token.text === "--") return true;
    return token.kind === "word" && (!KEYWORDS.has(token.text) || ["this", "throw", "delete", "await"].includes(token.text));
  }

  remove(index) {
    const end = this.statementEnd(index);
    if (end <= index || this.tokens[end]?.text !== ";") return;
    this.add(this.tokens[index].start, this.tokens[end - 1].end, "removal", "");
  }

  /// Swaps neighbouring arguments of a call.
  call(index) {
    const name = this.tokens[index - 1];
    if (!this.endsOperand(name) || (KEYWORDS.has(name.text) && name.text !== "super")) return;
    const end = this.ends.get(index);
    if (end === undefined || ["{", "=>"].includes(this.tokens[end + 1]?.text)) return;
    if (this.tokens[index - 2]?.text === "function") return;
    const parts = [];
    let first = index + 1;
    for (let at = first; at <= end; at++) {
      if (at < end && this.ends.has(at)) at = this.ends.get(at);
      else if (at === end || this.tokens[at].text === ",") {
        if (at > first) parts.push([this.tokens[first].start, this.tokens[at - 1].end]);
        first = at + 1;
      }
    }
    for (let part = 1; part < parts.length; part++) {
      const [[a, b], [c, d]] = [parts[part - 1], parts[part]];
      const [left, between, right] = [this.source.slice(a, b), this.source.slice(b, c), this.source.slice(c, d)];
      if (!left.startsWith("...") && !right.startsWith("...") && left !== right) this.add(a, d, "arguments", right + between + left);
    }
  }
}

/// On one line, in ASCII, cut: part of an id that a person copies into a fixture.
function short(text) {
  let line = text.split(/\s+/).filter(Boolean).join(" ");
  if (line.length > LONGEST) line = line.slice(0, LONGEST - 3) + "...";
  return line.replace(/[^\x20-\x7e]/g, (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"));
}

/// As the driver runs it: the body of a function.
function parses(source) {
  try {
    new Script(`(function (exports, require, module) {${source}\n})`, { filename: "mutant" });
    return null;
  } catch (error) {
    return error;
  }
}

function shape(source) {
  return new Tokenizer(source).run().map((token) => token.text).join("\n");
}

function main() {
  const source = fs.readFileSync(0, "utf8");
  const problem = parses(source);
  if (problem) {
    fs.writeSync(2, `the reference does not parse: ${problem.message}\n`);
    return 1;
  }
  const seen = new Set([shape(source)]);
  const ids = new Map();
  let [line, lineStart, walked, bytes] = [1, 0, 0, 0];
  for (const { start, end, operator, text, what } of new Finder(source, new Tokenizer(source).run()).run()) {
    const changed = source.slice(0, start) + text + source.slice(end);
    if (parses(changed)) continue;
    const form = shape(changed);
    if (seen.has(form)) continue;
    seen.add(form);
    bytes += Buffer.byteLength(source.slice(walked, start));
    for (; walked < start; walked++) {
      if (source[walked] === "\n") [line, lineStart] = [line + 1, walked + 1];
    }
    const name = `${line}:${operator} ${what}`;
    const count = (ids.get(name) ?? 0) + 1;
    ids.set(name, count);
    const mutant = {
      id: count > 1 ? `${name} #${count}` : name,
      line,
      column: Buffer.byteLength(source.slice(lineStart, start)) + 1,
      operator,
      description: what,
      start: bytes,
      end: bytes + Buffer.byteLength(source.slice(start, end)),
      text,
    };
    fs.writeSync(1, JSON.stringify(mutant) + "\n");
  }
  return 0;
}

process.exitCode = main();
