// Selects: a button that opens a list with search; static or asked from the bot as one types; one choice or several.
import { add, h, icon, replace, uid } from "./dom.js";
import { float, place, step } from "./popup.js";
import { textObject } from "./mrkdwn.js";

const SEARCH_FROM = 9;
const TYPING_PAUSE = 150;

const plainOf = (option) => option?.text?.text || option?.value || "";
const flat = (groups) => groups.flatMap((group) => group.options);
export const grouped = (options, groups) =>
  groups?.length ? groups.map((group) => ({ label: group.label?.text || "", options: group.options || [] })) : [{ label: "", options: options || [] }];

/**
 * groups: [{label, options}] or null with ask(query) -> Promise<groups>. Returns {node, value()}: the chosen option(s).
 * onPick(options) is called after a choice.
 */
export function picker({ groups, ask, least = 0, multiple = false, most = Infinity, chosen = [], label, placeholder, onPick = () => {} }) {
  const state = { chosen: [...chosen], groups: groups || [], query: "" };
  const text = h("span.picker-text");
  const button = h("button.picker", { type: "button", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-label": label }, text, icon("down"));
  const show = () => {
    button.classList.toggle("unset", !state.chosen.length);
    replace(text, state.chosen.length ? state.chosen.map((one) => h("span.picked", {}, textObject(one.text))) : placeholder || "Choose…");
    const said = state.chosen.map(plainOf).join(", ") || text.textContent;
    button.setAttribute("aria-label", [label, said].filter(Boolean).join(": "));
  };
  show();
  const pick = (option, close) => {
    const had = state.chosen.some((one) => one.value === option.value);
    if (multiple && !had && state.chosen.length >= most) return;
    if (!multiple) state.chosen = [option];
    else state.chosen = had ? state.chosen.filter((one) => one.value !== option.value) : [...state.chosen, option];
    show();
    if (!multiple) close();
    onPick(state.chosen);
  };
  button.addEventListener("click", () => openList(button, state, { ask, least, multiple, most, label, pick }));
  button.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      button.click();
    }
  });
  return { node: button, value: () => state.chosen };
}

/** The list itself, next to the button that opens it. search: a field to type in even where the list is short. */
export function openList(button, state, { ask, least = 0, multiple = false, most = Infinity, label, search: always = false, pick, onClose = () => {} }) {
  const id = uid("list");
  const list = h("div.options", { role: "listbox", id, "aria-label": label || "Options", "aria-multiselectable": multiple });
  const search = h("input.search", {
    type: "text", role: "combobox", placeholder: "Search", autocomplete: "off", spellcheck: "false",
    "aria-label": `Search ${label || "options"}`, "aria-controls": id, "aria-expanded": "true", "aria-autocomplete": "list",
  });
  const seeker = h("div.search-row", {}, icon("lens"), search);
  const box = h("div.listbox", {}, seeker, list);
  if (!always && !ask && flat(state.groups).length < SEARCH_FROM) seeker.classList.add("sr");
  button.setAttribute("aria-expanded", "true");
  const close = float(box, button, () => {
    button.setAttribute("aria-expanded", "false");
    onClose();
  });
  // wanted: Enter came before the answer to what was typed; it means the first of those that come, not of those that stand.
  const view = { rows: [], at: -1, wanted: false };

  const mark = (at) => {
    view.rows[view.at]?.node.classList.remove("active");
    view.at = at;
    const row = view.rows[at];
    if (!row) return search.removeAttribute("aria-activedescendant");
    row.node.classList.add("active");
    row.node.scrollIntoView({ block: "nearest" });
    return search.setAttribute("aria-activedescendant", row.node.id);
  };
  const draw = (groups) => {
    view.rows = [];
    replace(list, groups.map((group) => drawGroup(group, view, state, (option) => {
      pick(option, close);
      if (multiple) draw(groups);
    })));
    if (!view.rows.length) list.append(h("p.no-options", {}, "Nothing found."));
    if (multiple) full(list, state, most);
    mark(view.rows.findIndex((row) => state.chosen.some((one) => one.value === row.option.value)));
    if (view.at < 0 && view.rows.length) mark(0);
    place(box, button);
    const take = view.wanted && view.rows[0];
    view.wanted = false;
    if (take) take.choose();
  };
  const refresh = ask ? asking(ask, least, list, draw) : (query) => draw(filtered(state.groups, query));
  search.addEventListener("input", () => refresh(search.value));
  search.addEventListener("keydown", (event) => {
    const to = step(event.key, view.at, view.rows.length);
    if (to !== null && !["Home", "End"].includes(event.key)) mark(to);
    else if (event.key === "Enter" && list.getAttribute("aria-busy") === "true") view.wanted = true;
    else if (event.key === "Enter" && view.rows[view.at]) view.rows[view.at].choose();
    else if (event.key === "Escape" || event.key === "Tab") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  refresh("");
  search.focus();
}

/** As many as may be chosen are: the others rest, and a line says so. */
function full(list, state, most) {
  const rests = state.chosen.length >= most;
  for (const row of list.querySelectorAll('[role="option"][aria-selected="false"]')) row.setAttribute("aria-disabled", String(rests));
  if (rests) list.prepend(h("p.no-options", {}, `${most} at most. Take one out to choose another.`));
}

function drawGroup(group, view, state, choose) {
  const rows = group.options.map((option) => {
    const chosen = state.chosen.some((one) => one.value === option.value);
    const node = h("div.option", { role: "option", id: uid("option"), "aria-selected": String(chosen), onclick: () => choose(option) });
    add(node, [h("span", {}, textObject(option.text)), option.description ? h("small", {}, textObject(option.description)) : null]);
    if (chosen) node.append(icon("check"));
    view.rows.push({ node, option, choose: () => choose(option) });
    return node;
  });
  return group.label ? h("div.option-group", { role: "group", "aria-label": group.label }, h("p.group-label", {}, group.label), rows) : rows;
}

function filtered(groups, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (option) => words.every((word) => `${plainOf(option)} ${option.description?.text || ""}`.toLowerCase().includes(word));
  return groups.map((group) => ({ ...group, options: group.options.filter(fits) })).filter((group) => group.options.length);
}

function asking(ask, least, list, draw) {
  let timer = 0;
  let turn = 0;
  return (query) => {
    clearTimeout(timer);
    const mine = (turn += 1);
    list.setAttribute("aria-busy", String(query.length >= least));
    if (query.length < least) {
      replace(list, h("p.no-options", {}, `Type at least ${least} ${least === 1 ? "letter" : "letters"}.`));
      return;
    }
    if (!list.children.length) replace(list, h("p.no-options", {}, "Looking…"));
    timer = setTimeout(async () => {
      const groups = await ask(query);
      if (mine !== turn || !list.isConnected) return;
      list.setAttribute("aria-busy", "false");
      draw(groups);
    }, query ? TYPING_PAUSE : 0);
  };
}
