// Block Kit's layout blocks as DOM nodes: texts become text nodes, addresses are checked.
import { h, picture } from "./dom.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { renderElement } from "./elements.js";
import { inputBlock } from "./inputs.js";

function section(block, ctx) {
  const accessory = block.accessory ? h("div.accessory", {}, renderElement(block.accessory, block, ctx)) : null;
  const fields = block.fields?.length ? h("div.fields", {}, block.fields.map((field) => h("div", {}, textObject(field, ctx.names)))) : null;
  const text = block.text ? h("div.text", {}, textObject(block.text, ctx.names)) : null;
  return h("div.section", {}, h("div.section-main", {}, text, fields), accessory);
}

function context(block, ctx) {
  const one = (element) => (element.type === "image" ? picture(element.image_url, element.alt_text, "tiny") : h("span", {}, textObject(element, ctx.names)));
  return h("div.context", {}, (block.elements || []).map(one));
}

function image(block, ctx) {
  const caption = block.title ? h("figcaption", {}, textObject(block.title, ctx.names)) : null;
  const file = block.slack_file;
  const url = block.image_url || (file?.id ? `/ui/files/${encodeURIComponent(file.id)}/picture` : file?.url);
  return h("figure.image", {}, caption, url ? picture(url, block.alt_text, "full") : h("span.unknown", {}, block.alt_text || "[image]"));
}

const row = (name) => (block, ctx) => h(`div.${name}`, {}, (block.elements || []).map((element) => renderElement(element, block, ctx)));

const MAKERS = {
  section,
  context,
  image,
  header: (block) => h("p.block-header", { role: "heading", "aria-level": 3 }, textObject(block.text)),
  divider: () => h("hr"),
  actions: row("actions"),
  context_actions: row("actions.quiet"),
  markdown: (block) => h("div.text", {}, markdown(block.text)),
  rich_text: (block, ctx) => richText(block, ctx.names),
  input: inputBlock,
};

/** A list of nodes, one a block; a type that we do not know is named in a grey line. */
export function renderBlocks(blocks, ctx) {
  return (blocks || []).map((block) => {
    const make = Object.hasOwn(MAKERS, block?.type) ? MAKERS[block.type] : null;
    return make ? make(block, ctx) : h("p.unknown", {}, `[a ${block?.type || "nameless"} block, which this page cannot draw]`);
  });
}

/** The body of a message: its blocks, or its text. */
export function renderBody(message, ctx) {
  if (message.blocks?.length) return renderBlocks(message.blocks, ctx);
  return [h("div.text", {}, message.markdown ? markdown(message.text) : mrkdwn(message.text, ctx.names))];
}
