// rich_text blocks as DOM nodes (sections, lists, quotes, preformatted; styled text, links, people, channels, emoji).
import { h, link } from "./dom.js";
import { emoji, plain } from "./emoji.js";

const STYLES = [["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"], ["code", "code"]];

export function richText(block, names) {
  return h("div.rich", {}, (block.elements || []).map((part) => section(part, names)));
}

function section(part, names) {
  const inner = () => (part.elements || []).flatMap((element) => leaf(element, names));
  if (part.type === "rich_text_list") {
    const items = (part.elements || []).map((item) => h("li", {}, section({ ...item, type: "item" }, names)));
    return h(part.style === "ordered" ? "ol" : "ul", { style: part.indent ? `margin-left:${Number(part.indent) * 1.2}em` : null }, items);
  }
  if (part.type === "rich_text_quote") return h("blockquote", {}, inner());
  if (part.type === "rich_text_preformatted") return h("pre", {}, h("code", {}, inner()));
  return part.type === "item" ? inner() : h("p", {}, inner());
}

function leaf(element, names) {
  const { type } = element;
  if (type === "link") return [styled(element.style, [link(element.url, element.text || element.url)])];
  if (type === "emoji") return [emoji(String(element.name || ""))];
  if (type === "user") return [h("span.mention", {}, `@${names.user(element.user_id) || element.user_id}`)];
  if (type === "channel") return [h("span.mention", {}, `#${names.channel(element.channel_id) || element.channel_id}`)];
  if (type === "usergroup") return [h("span.mention", {}, "@group")];
  if (type === "broadcast") return [h("span.mention", {}, `@${element.range}`)];
  if (type === "date") return [h("time", {}, String(element.fallback || ""))];
  return [styled(element.style, broken(String(element.text ?? "")))];
}

const broken = (text) => text.split("\n").flatMap((line, at) => [at ? h("br") : null, ...plain(line)]);

function styled(style, nodes) {
  let inner = nodes;
  for (const [key, tag] of STYLES) if (style?.[key]) inner = [h(tag, {}, inner)];
  return h("span", {}, inner);
}
