// The modals of one person: a stack of which the top is drawn; and the App Home, which is a surface of the same kind.
import { focusAgain, focusedIn, h, replace } from "./dom.js";
import { renderBlocks } from "./blocks.js";
import { dialog, focusFirst } from "./dialog.js";
import { Form } from "./form.js";
import { showErrors } from "./inputs.js";
import { textObject } from "./mrkdwn.js";

/** What the blocks of a view need to work. */
export function viewContext(client, view, form, trouble) {
  return {
    person: client.person,
    names: client.person.names,
    layer: client.layer,
    form,
    scope: { view_id: view.id },
    live: (block) => block.type !== "input" || Boolean(block.dispatch_action),
    problem: (answer) => client.problem(answer, trouble),
    click: (block, element, value) => client.click({ view_id: view.id, values: form.values() }, block, element, value, trouble),
  };
}

export class Modals {
  constructor(client) {
    this.client = client;
    this.shown = null;
    this.forms = new Map();
  }

  /** Draw what the person's stack says now. */
  sync() {
    const view = this.client.person.views.at(-1);
    const ids = new Set(this.client.person.views.map((one) => one.id));
    for (const id of this.forms.keys()) if (!ids.has(id)) this.forms.delete(id);
    if (!view) return this.drop();
    const same = this.shown?.view.id === view.id;
    if (same && JSON.stringify(this.shown.view) === JSON.stringify(view)) return undefined;
    return this.draw(view, same);
  }

  drop() {
    if (!this.shown) return;
    const held = this.shown.parts.shade.contains(document.activeElement);
    this.shown.parts.shade.remove();
    this.shown = null;
    this.client.rest(false);
    this.back(held);
  }

  /** Remember where the focus is, and in which message or page: what was pressed may be drawn anew meanwhile. */
  leave() {
    const before = this.client.node.contains(document.activeElement) ? document.activeElement : null;
    const around = before?.closest("[data-ts], .home");
    this.before = { node: before, around, mark: around && focusedIn(around, before) };
  }

  /** held: whether the form that closes had the focus; one that stood open when the page was loaded has nowhere to give it back to. */
  back(held) {
    const { node, around, mark } = this.before;
    if (node?.isConnected) node.focus({ preventScroll: true });
    else if (around?.isConnected && mark) focusAgain(around, mark);
    else if (node || held) this.client.focusPlace();
  }

  draw(view, same) {
    if (!this.shown) this.leave();
    else this.forms.set(this.shown.view.id, this.shown.form.snapshot());
    const held = same ? document.activeElement?.closest?.("[data-block]")?.dataset.block : null;
    const scroll = same ? this.shown.parts.body.scrollTop : 0;
    this.shown?.parts.shade.remove();
    const form = new Form(this.forms.get(view.id));
    const parts = dialog({ title: textObject(view.title), onClose: () => this.close() });
    const trouble = h("p.trouble", { role: "alert" });
    replace(parts.body, renderBlocks(view.blocks, viewContext(this.client, view, form, trouble)));
    parts.foot.before(trouble);
    this.shown = { view, parts, form, trouble };
    this.foot(view, parts);
    this.client.layer.append(parts.shade);
    this.client.rest(true);
    parts.body.scrollTop = scroll;
    const again = held && parts.body.querySelector(`[data-block="${CSS.escape(held)}"]`)?.querySelector("input, textarea, button");
    if (again) again.focus({ preventScroll: true });
    else focusFirst(parts);
  }

  foot(view, parts) {
    const back = this.client.person.views.length > 1 ? "Back" : "Cancel";
    parts.foot.append(h("button.button", { type: "button", onclick: () => this.close() }, view.close ? textObject(view.close) : view.submit ? back : "Close"));
    if (!view.submit) return;
    const submit = h("button.button.primary", { type: "button", onclick: () => this.submit() }, textObject(view.submit));
    parts.foot.append(submit);
    this.shown.submit = submit;
    parts.body.addEventListener("keydown", (event) => {
      const sends = event.key === "Enter" && (event.target.tagName === "INPUT" || ((event.ctrlKey || event.metaKey) && event.target.tagName === "TEXTAREA"));
      if (sends && !["checkbox", "radio"].includes(event.target.type)) this.submit();
    });
  }

  async submit() {
    const { view, form, submit, parts, trouble } = this.shown;
    if (submit.getAttribute("aria-busy") === "true") return;
    submit.setAttribute("aria-busy", "true");
    showErrors(parts.body, {});
    trouble.replaceChildren();
    const answer = await this.client.person.act({ do: "submit", view_id: view.id, values: form.values() }, view.callback_id);
    submit.removeAttribute("aria-busy");
    if (!answer.ok) this.client.problem(answer, trouble);
    else if (answer.errors) this.errors({ view_id: view.id, errors: answer.errors });
  }

  errors({ view_id: id, errors }) {
    if (this.shown?.view.id !== id) return;
    const lost = !showErrors(this.shown.parts.body, errors);
    this.shown.trouble.textContent = lost ? Object.values(errors).join(" ") : "";
  }

  async close() {
    const { view } = this.shown;
    const answer = await this.client.person.act({ do: "close", view_id: view.id });
    if (!answer.ok) this.client.person.apply({ type: "view_close", view_id: view.id });
  }
}

/** The Home tab: drawn again when a new view comes, with what was typed kept. */
export class Home {
  constructor(client) {
    this.client = client;
    this.form = null;
    this.node = h("div.home", { tabindex: 0, role: "region", "aria-label": "Home" });
  }

  draw() {
    const { home: view, user } = this.client.person;
    this.node.setAttribute("aria-label", `${user?.real_name || "Somebody"}'s Home`);
    if (!view) {
      replace(this.node, h("div.empty", {}, h("p", {}, "The bot has not published a Home for you yet.")));
      return;
    }
    const scroll = this.node.scrollTop;
    const focused = focusedIn(this.node);
    this.form = new Form(this.form?.snapshot());
    const trouble = h("p.trouble", { role: "alert" });
    replace(this.node, h("div.home-sheet", {}, trouble, renderBlocks(view.blocks, viewContext(this.client, view, this.form, trouble))));
    this.node.scrollTop = scroll;
    if (focused) focusAgain(this.node, focused);
  }
}
