// Block Kit's interactive elements. Each takes (element, block, ctx) and gives one node; clicks go out through ctx.click.
import { add, h, icon, link, picture, uid } from "./dom.js";
import { menu } from "./popup.js";
import { textObject } from "./mrkdwn.js";
import { grouped, picker } from "./picker.js";
import { confirmDialog } from "./dialog.js";

const words = (object) => object?.text || "";
const labelOf = (element, block) => element.accessibility_label || words(block.label) || words(element.placeholder) || words(block.text) || "";

/** Ask first if the element wants it, mark the control busy, send, and say what went wrong. */
async function press(ctx, block, element, value, node) {
  const ask = element.confirm;
  if (ask && !(await asked(ctx, ask))) return false;
  if (node.getAttribute("aria-busy") === "true") return false;
  node.setAttribute("aria-busy", "true");
  const answer = await ctx.click(block, element, value);
  node.removeAttribute("aria-busy");
  return answer.ok;
}

const asked = (ctx, ask) =>
  confirmDialog(ctx.layer, {
    title: words(ask.title) || "Are you sure?",
    text: textObject(ask.text, ctx.names),
    confirm: words(ask.confirm) || "Yes",
    deny: words(ask.deny) || "Cancel",
    danger: ask.style === "danger",
  });

function button(element, block, ctx) {
  const style = ["primary", "danger"].includes(element.style) ? `.${element.style}` : "";
  const text = textObject(element.text, ctx.names);
  const node = h(`button.button${style}`, { type: "button", "aria-label": element.accessibility_label, title: words(element.text).length > 40 ? words(element.text) : null }, text);
  node.addEventListener("click", () => press(ctx, block, element, element.value ?? null, node));
  if (!element.url) return node;
  const anchor = link(element.url, text);
  anchor.className = node.className;
  anchor.addEventListener("click", () => press(ctx, block, element, element.value ?? null, anchor));
  return anchor;
}

function overflow(element, block, ctx) {
  const node = h("button.icon-button.outlined", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": element.accessibility_label || "More choices" }, icon("more"));
  node.addEventListener("click", () => {
    const items = (element.options || []).map((option) => ({
      label: textObject(option.text),
      hint: words(option.description),
      href: option.url || null,
      run: () => press(ctx, block, element, option.value ?? null, node),
    }));
    menu(node, items, "More choices");
  });
  return node;
}

function select(element, block, ctx) {
  const multiple = element.type.startsWith("multi_");
  const kind = element.type.replace(/^multi_/, "");
  const initial = multiple ? element.initial_options : [element.initial_option].filter(Boolean);
  const was = ctx.form?.was(block.block_id, element.action_id);
  const groups = kind === "static_select" ? grouped(element.options, element.option_groups) : listed(kind, element, ctx);
  const control = picker({
    groups,
    ask: groups ? null : (query) => asks(query, element, block, ctx),
    least: element.min_query_length ?? (groups ? 0 : 1),
    multiple,
    most: element.max_selected_items,
    chosen: [was ?? startOf(kind, element, groups) ?? initial ?? []].flat().filter(Boolean),
    label: labelOf(element, block),
    placeholder: words(element.placeholder) || "Choose…",
    onPick: (chosen) => {
      if (ctx.live(block)) press(ctx, block, element, multiple ? chosen.map((one) => one.value) : chosen[0]?.value, control.node);
    },
  });
  ctx.form?.add(block.block_id, element.action_id, () => (multiple ? control.value() : control.value()[0] ?? null));
  return control.node;
}

const INCLUDED = { channel: "public", private: "private", im: "im" };

/** users_select, channels_select and conversations_select list what the workspace knows. */
function listed(kind, { filter = {} }, { person }) {
  const option = (text, value) => ({ text: { type: "plain_text", text }, value });
  if (kind === "users_select") {
    const users = [...person.users.values()].filter((user) => !user.is_bot);
    return [{ label: "", options: users.map((user) => option(user.real_name || user.name, user.id)) }];
  }
  const kinds = kind === "channels_select" ? ["public"] : filter.include || Object.values(INCLUDED);
  const fits = (room) => kinds.includes(INCLUDED[room.kind]) && !(room.kind === "im" && filter.exclude_bot_users);
  const name = (room) => (room.kind === "im" ? person.names.user(room.user) || room.name : `#${room.name}`);
  const rooms = [...person.channels.values()].filter(fits).map((room) => option(name(room), room.id));
  return ["channels_select", "conversations_select"].includes(kind) ? [{ label: "", options: rooms }] : null;
}

function startOf(kind, element, groups) {
  const ids = [element.initial_user, element.initial_channel, element.initial_conversation, element.initial_users, element.initial_channels, element.initial_conversations].flat().filter(Boolean);
  return kind.startsWith("static") || !groups || !ids.length ? null : groups[0].options.filter((one) => ids.includes(one.value));
}

async function asks(query, element, block, ctx) {
  const answer = await ctx.person.act({ do: "options", ...ctx.scope, block_id: block.block_id, action_id: element.action_id, query });
  if (!answer.ok) ctx.problem(answer);
  return grouped(answer.options, answer.option_groups).filter((group) => group.options.length);
}

function choices(element, block, ctx) {
  const many = element.type === "checkboxes";
  const name = uid("choice");
  const start = [ctx.form?.was(block.block_id, element.action_id) ?? (many ? element.initial_options : element.initial_option) ?? []].flat();
  const group = h("div.choices", { role: many ? "group" : "radiogroup", "aria-label": labelOf(element, block) || null });
  const inputs = (element.options || []).map((option) => {
    const input = h("input", { type: many ? "checkbox" : "radio", name, value: option.value });
    input.checked = start.some((one) => one?.value === option.value);
    const description = option.description ? h("small", {}, textObject(option.description, ctx.names)) : null;
    group.append(h("label.choice", {}, input, h("span", {}, textObject(option.text, ctx.names), description)));
    return { input, option };
  });
  const chosen = () => inputs.filter(({ input }) => input.checked).map(({ option }) => option);
  const read = () => (many ? chosen() : chosen()[0] ?? null);
  ctx.form?.add(block.block_id, element.action_id, read);
  group.addEventListener("change", () => {
    if (ctx.live(block)) press(ctx, block, element, many ? chosen().map((one) => one.value) : chosen()[0]?.value, group);
  });
  return group;
}

function feedback(element, block, ctx) {
  const one = (side, drawing) => {
    const part = element[side];
    const node = h("button.icon-button.outlined.feedback", { type: "button", "aria-pressed": "false", "aria-label": part.accessibility_label || words(part.text), title: words(part.text) }, icon(drawing, "", "emoji"));
    node.addEventListener("click", async () => {
      if (!(await press(ctx, block, element, part.value, node))) return;
      for (const other of row.children) other.setAttribute("aria-pressed", String(other === node));
      ctx.chosen?.(block, element, side);
    });
    if (ctx.was?.(block, element) === side) node.setAttribute("aria-pressed", "true");
    return node;
  };
  const row = h("div.feedback-row", { role: "group", "aria-label": "Was this helpful?" });
  return add(row, [one("positive_button", "e-up"), one("negative_button", "e-down")]);
}

function iconButton(element, block, ctx) {
  const node = h("button.icon-button.outlined", { type: "button", "aria-label": element.accessibility_label || words(element.text), title: words(element.text) }, icon(element.icon === "trash" ? "bin" : "bolt"));
  node.addEventListener("click", () => press(ctx, block, element, element.value ?? null, node));
  return node;
}

const DATED = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };
const two = (n) => String(n).padStart(2, "0");

/** Seconds since 1970 as the field of a date and time wants it, in this machine's time. */
function localTime(seconds) {
  if (!seconds) return "";
  const at = new Date(Number(seconds) * 1000);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

function dated(element, block, ctx) {
  const both = element.type === "datetimepicker";
  const start = both ? localTime(element.initial_date_time) : element.initial_date ?? element.initial_time ?? "";
  const was = ctx.form?.was(block.block_id, element.action_id);
  const value = was === undefined ? start : both ? localTime(was) : was;
  const node = h("input.field.short", { type: DATED[element.type], value: value ?? "", "aria-label": labelOf(element, block) || DATED[element.type] });
  const read = () => (both && node.value ? Math.floor(new Date(node.value) / 1000) : node.value);
  ctx.form?.add(block.block_id, element.action_id, read);
  node.addEventListener("change", () => ctx.live(block) && press(ctx, block, element, read(), node));
  return node;
}

const picking = ["static_select", "external_select", "users_select", "channels_select", "conversations_select"];
const MAKERS = {
  button, overflow, radio_buttons: choices, checkboxes: choices, feedback_buttons: feedback, icon_button: iconButton,
  datepicker: dated, timepicker: dated, datetimepicker: dated, workflow_button: button,
  image: (element) => picture(element.image_url, element.alt_text, "thumb"),
  ...Object.fromEntries(picking.flatMap((kind) => [[kind, select], [`multi_${kind}`, select]])),
};

/** A node for any element but text inputs (inputs.js); an unknown type is named, not hidden. */
export function renderElement(element, block, ctx) {
  const make = Object.hasOwn(MAKERS, element?.type) ? MAKERS[element.type] : null;
  return make ? make(element, block, ctx) : h("span.unknown", {}, `[${element?.type || "element"}]`);
}
