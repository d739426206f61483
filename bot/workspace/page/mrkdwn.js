// Slack's mrkdwn as DOM nodes: *bold* _italic_ ~strike~ `code` ```fence``` > quote, lists, <url|text>, <@U>, <#C>, <!here>, :emoji:.
// Everything unknown stays text, so a hostile message can be ugly but never alive.
import { h, link } from "./dom.js";
import { emoji, knownCode, plain, withCodes } from "./emoji.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
const DEEPEST = 5;
const WORD = /[\p{L}\p{N}]/u;
const BARE = /^https?:\/\/[^\s<>"'`|]+[^\s<>"'`|.,;:!?)\]}]/;

export const unescape = (text) => String(text ?? "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
export const escape = (text) => String(text ?? "").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** A fragment for a whole text. `names` gives {user(id), channel(id)} -> a name. */
export function mrkdwn(text, names = {}) {
  const out = document.createDocumentFragment();
  const parts = String(text ?? "").split(/```/);
  parts.forEach((part, at) => {
    const fenced = at % 2 === 1 && at < parts.length - 1;
    if (fenced) out.append(h("pre", {}, h("code", {}, unescape(part.replace(/^\n/, "").replace(/\n$/, "")))));
    else blocks(out, at % 2 === 1 ? `\`\`\`${part}` : part, names);
  });
  return out;
}

function kindOf(line) {
  if (/^(&gt;|>)/.test(line)) return "quote";
  if (/^\s*[•\-◦]\s+\S/.test(line)) return "ul";
  if (/^\s*\d{1,3}[.)]\s+\S/.test(line)) return "ol";
  return "p";
}

function blocks(out, text, names) {
  const lines = text.replace(/^\n|\n$/g, "").split("\n");
  for (let at = 0; at < lines.length; ) {
    const kind = kindOf(lines[at]);
    let end = at + 1;
    while (end < lines.length && kindOf(lines[end]) === kind) end += 1;
    group(out, kind, lines.slice(at, end), names);
    at = end;
  }
}

function group(out, kind, lines, names) {
  if (kind === "quote") out.append(h("blockquote", {}, joined(lines.map((line) => line.replace(/^(&gt;|>)+ ?/, "")), names)));
  else if (kind === "p") paragraphs(out, lines, names);
  else {
    const start = kind === "ol" ? parseInt(lines[0], 10) : null;
    const items = lines.map((line) => h("li", {}, inline(line.replace(/^\s*(?:[•\-◦]|\d{1,3}[.)])\s+/, ""), names)));
    out.append(h(kind, { start: start && start !== 1 ? start : null }, items));
  }
}

function paragraphs(out, lines, names) {
  for (const part of lines.join("\n").split(/\n{2,}/)) {
    if (part.trim()) out.append(h("p", {}, joined(part.replace(/^\n|\n$/g, "").split("\n"), names)));
  }
}

function joined(lines, names) {
  return lines.flatMap((line, at) => [at ? h("br") : null, ...inline(line, names)]);
}

/** One line of mrkdwn as nodes. */
export function inline(text, names = {}, depth = 0) {
  const nodes = [];
  let plainFrom = 0;
  const flush = (to) => {
    if (to > plainFrom) nodes.push(...plain(unescape(text.slice(plainFrom, to))));
  };
  for (let at = 0; at < text.length; ) {
    const hit = token(text, at, names, depth);
    if (hit) {
      flush(at);
      nodes.push(hit.node);
      at = plainFrom = hit.end;
    } else at += 1;
  }
  flush(text.length);
  return nodes;
}

function token(text, at, names, depth) {
  const char = text[at];
  if (char === "`") return code(text, at);
  if (char === "<") return angle(text, at, names);
  if (char === ":") return short(text, at);
  if (char === "h") return bare(text, at);
  return depth < DEEPEST && MARKS[char] ? marked(text, at, names, depth) : null;
}

function code(text, at) {
  const end = text.indexOf("`", at + 1);
  const bar = /^█*░*$/.test(text.slice(at + 1, end)) && end > at + 4 ? gauge(text.slice(at + 1, end)) : null;
  if (bar) return { node: bar, end: end + 1 };
  return end > at + 1 ? { node: h("code", {}, unescape(text.slice(at + 1, end))), end: end + 1 } : null;
}

/** Bots draw probabilities as `███░░░`: here as a bar. */
function gauge(text) {
  const share = Math.round((100 * text.replace(/░/g, "").length) / text.length);
  return h("span.gauge", { role: "img", "aria-label": `${share} of 100` }, h("i", { style: `width: ${share}%` }));
}

function short(text, at) {
  const hit = /^:([a-z0-9_+'-]{1,40}):/.exec(text.slice(at, at + 42));
  return hit && knownCode(hit[1]) ? { node: emoji(hit[1]), end: at + hit[0].length } : null;
}

function bare(text, at) {
  if (!text.startsWith("http", at) || (at && WORD.test(text[at - 1]))) return null;
  const hit = BARE.exec(text.slice(at, at + 2000));
  return hit ? { node: link(unescape(hit[0]), unescape(hit[0])), end: at + hit[0].length } : null;
}

function marked(text, at, names, depth) {
  const char = text[at];
  if ((at && WORD.test(text[at - 1])) || !text[at + 1] || /\s/.test(text[at + 1]) || text[at + 1] === char) return null;
  for (let end = text.indexOf(char, at + 2); end > 0; end = text.indexOf(char, end + 1)) {
    const closes = !/\s/.test(text[end - 1]) && !(text[end + 1] && WORD.test(text[end + 1]));
    if (closes) return { node: h(MARKS[char], {}, inline(text.slice(at + 1, end), names, depth + 1)), end: end + 1 };
  }
  return null;
}

function angle(text, at, names) {
  const end = text.indexOf(">", at + 1);
  if (end < 0 || end - at > 3000) return null;
  const [target, ...rest] = text.slice(at + 1, end).split("|");
  const node = reference(target, rest.join("|"), names);
  return node ? { node, end: end + 1 } : null;
}

function reference(target, label, names) {
  const id = target.slice(1);
  if (target.startsWith("@")) return h("span.mention", {}, `@${names.user?.(id) || label || id}`);
  if (target.startsWith("#")) return h("span.mention", {}, `#${names.channel?.(id) || label || id}`);
  if (target.startsWith("!")) return special(id, label);
  const href = unescape(target);
  const shown = label ? inline(label, {}, DEEPEST) : href.replace(/^(mailto|tel):/, "");
  const node = link(href, shown);
  return node.tagName === "A" ? node : null;
}

function special(id, label) {
  if (id.startsWith("date^")) return h("time", {}, unescape(label || ""));
  if (id.startsWith("subteam^")) return h("span.mention", {}, unescape(label || "@group"));
  return ["here", "channel", "everyone"].includes(id) ? h("span.mention", {}, `@${id}`) : null;
}

/** Text objects of Block Kit, {type: "mrkdwn" | "plain_text", text}, as nodes. */
export function textObject(object, names) {
  if (!object) return [];
  if (object.type === "mrkdwn") return [mrkdwn(object.text, names)];
  const text = typeof object === "string" ? object : object.text;
  return String(text ?? "").split("\n").flatMap((line, at) => [at ? h("br") : null, ...withCodes(line)]);
}
