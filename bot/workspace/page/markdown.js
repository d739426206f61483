// Standard Markdown (markdown blocks, streamed messages) as DOM nodes: the part of it that bots write. Never HTML.
import { h, link } from "./dom.js";
import { emoji, knownCode, plain } from "./emoji.js";
import { unescape } from "./mrkdwn.js";

const DEEPEST = 5;
const RULES = [
  [/^(\*\*|__)(?=\S)([\s\S]+?\S|\S)\1/, (hit, more) => h("strong", {}, more(hit[2]))],
  [/^~~(?=\S)([\s\S]+?)~~/, (hit, more) => h("s", {}, more(hit[1]))],
  [/^\*(?=[^\s*])([^*]*[^\s*])\*/, (hit, more) => h("em", {}, more(hit[1]))],
  [/^_(?=[^\s_])([^_]*[^\s_])_(?![\p{L}\p{N}])/u, (hit, more) => h("em", {}, more(hit[1]))],
  [/^!?\[([^\]\n]{0,500})\]\(([^()\s]{1,2000})\)/, (hit, more) => link(unescape(hit[2]), more(hit[1]))],
  [/^<(https?:[^<>\s|]+)(?:\|([^<>]*))?>/, (hit, more) => link(unescape(hit[1]), hit[2] ? more(hit[2]) : unescape(hit[1]))],
  [/^https?:\/\/[^\s<>()"'`]+[^\s<>()"'`.,;:!?]/, (hit) => link(unescape(hit[0]), unescape(hit[0]))],
];

/** A fragment for a whole Markdown text. */
export function markdown(text) {
  const out = document.createDocumentFragment();
  const lines = String(text ?? "").split("\n");
  for (let at = 0; at < lines.length; ) at = block(out, lines, at);
  return out;
}

function block(out, lines, at) {
  const line = lines[at];
  if (!line.trim()) return at + 1;
  if (/^\s*```/.test(line)) return fence(out, lines, at);
  const heading = /^(#{1,6})\s+(.+?)\s*#*$/.exec(line);
  if (heading) {
    out.append(h("p.md-heading", { role: "heading", "aria-level": Math.min(heading[1].length + 2, 6) }, inline(heading[2])));
    return at + 1;
  }
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
    out.append(h("hr"));
    return at + 1;
  }
  return flowing(out, lines, at);
}

function flowing(out, lines, at) {
  const until = (test) => {
    let end = at;
    while (end < lines.length && lines[end].trim() && test(lines[end])) end += 1;
    return end;
  };
  const item = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+/;
  if (/^\s*(>|&gt;)/.test(lines[at])) {
    const end = until((line) => /^\s*(>|&gt;)/.test(line));
    out.append(h("blockquote", {}, markdown(lines.slice(at, end).map((line) => line.replace(/^\s*(?:(?:>|&gt;) ?)+/, "")).join("\n"))));
    return end;
  }
  if (item.test(lines[at])) {
    const end = until((line) => item.test(line) || /^\s{2,}/.test(line));
    out.append(list(lines.slice(at, end), item));
    return end;
  }
  if (lines[at].includes("|") && /^[\s|:-]*-[\s|:-]*$/.test(lines[at + 1] || "") && lines[at + 1].includes("|")) {
    const end = until((line) => line.includes("|"));
    out.append(table(lines.slice(at, end)));
    return end;
  }
  const end = Math.max(at + 1, until((row) => !/^(#{1,6}\s|\s*```|\s*(>|&gt;))/.test(row) && !item.test(row)));
  const rows = lines.slice(at, end).flatMap((row, no) => [no ? h("br") : null, ...inline(row)]);
  out.append(h("p", {}, rows));
  return end;
}

function fence(out, lines, at) {
  let end = at + 1;
  while (end < lines.length && !/^\s*```\s*$/.test(lines[end])) end += 1;
  out.append(h("pre", {}, h("code", {}, unescape(lines.slice(at + 1, end).join("\n")))));
  return end + 1;
}

function list(lines, item) {
  const ordered = /^\s*\d/.test(lines[0]);
  const rows = lines.reduce((all, line) => {
    if (item.test(line)) all.push(line.replace(item, ""));
    else all[all.length - 1] += ` ${line.trim()}`;
    return all;
  }, []);
  return h(ordered ? "ol" : "ul", { start: ordered ? parseInt(lines[0], 10) : null }, rows.map((row) => h("li", {}, inline(row))));
}

function table(lines) {
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => inline(cell.trim()));
  const head = h("tr", {}, cells(lines[0]).map((cell) => h("th", { scope: "col" }, cell)));
  const rows = lines.slice(2).map((line) => h("tr", {}, cells(line).map((cell) => h("td", {}, cell))));
  return h("div.md-table", { tabindex: 0, role: "region", "aria-label": "Table" }, h("table", {}, h("thead", {}, head), h("tbody", {}, rows)));
}

function inline(text, depth = 0) {
  const nodes = [];
  let from = 0;
  for (let at = 0; at < text.length; ) {
    const hit = depth < DEEPEST ? token(text, at, depth) : null;
    if (!hit) {
      at += 1;
      continue;
    }
    if (at > from) nodes.push(...plain(unescape(text.slice(from, at))));
    nodes.push(hit.node);
    at = from = hit.end;
  }
  if (from < text.length) nodes.push(...plain(unescape(text.slice(from))));
  return nodes;
}

function token(text, at, depth) {
  const char = text[at];
  if (!"\\`*_~[!<h:".includes(char) || (at && "_h".includes(char) && /[\p{L}\p{N}]/u.test(text[at - 1]))) return null;
  const rest = text.slice(at, at + 4000);
  if (char === "\\") return /^\\[\\`*_~[\]()#>!-]/.test(rest) ? { node: document.createTextNode(rest[1]), end: at + 2 } : null;
  if (char === "`") {
    const hit = /^(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/.exec(rest);
    return hit ? { node: h("code", {}, unescape(hit[2])), end: at + hit[0].length } : null;
  }
  if (char === ":") {
    const hit = /^:([a-z0-9_+'-]{1,40}):/.exec(rest);
    return hit && knownCode(hit[1]) ? { node: emoji(hit[1]), end: at + hit[0].length } : null;
  }
  for (const [rule, make] of RULES) {
    const hit = rule.exec(rest);
    if (hit) return { node: make(hit, (inner) => inline(inner, depth + 1)), end: at + hit[0].length };
  }
  return null;
}
