// Input blocks of modals (and Home): label, control, hint, error. Text controls live here; the others in elements.js.
import { h, uid } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { renderElement } from "./elements.js";

const TEXT_TYPES = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "text", rich_text_input: "text" };

export function inputBlock(block, ctx) {
  const element = block.element || {};
  const ids = { field: uid("field"), hint: uid("hint"), error: uid("error"), label: uid("label") };
  const control = Object.hasOwn(TEXT_TYPES, element.type) ? textField(element, block, ctx) : renderElement(element, block, ctx);
  const target = control.matches("input,textarea,button") ? control : null;
  if (target) target.id = ids.field;
  control.setAttribute("aria-describedby", [block.hint ? ids.hint : "", ids.error].filter(Boolean).join(" "));
  if (!target) control.setAttribute("aria-labelledby", ids.label);
  const optional = block.optional ? h("span.optional", {}, " (optional)") : null;
  return h(
    "div.input-block",
    { dataset: { block: block.block_id || "" } },
    h("label.label", { id: ids.label, for: target ? ids.field : null }, textObject(block.label), optional),
    control,
    block.hint ? h("p.hint", { id: ids.hint }, textObject(block.hint)) : null,
    h("p.error", { id: ids.error, role: "alert" }),
  );
}

function textField(element, block, ctx) {
  const value = ctx.form.was(block.block_id, element.action_id) ?? element.initial_value ?? "";
  const props = {
    placeholder: element.placeholder?.text,
    maxlength: element.max_length,
    inputmode: element.type === "number_input" ? "decimal" : null,
    type: element.multiline ? null : TEXT_TYPES[element.type],
    required: !block.optional,
    "data-autofocus": element.focus_on_load,
    autocomplete: "off",
  };
  const node = h(element.multiline || element.type === "rich_text_input" ? "textarea.field" : "input.field", props);
  node.value = typeof value === "string" ? value : "";
  ctx.form.add(block.block_id, element.action_id, () => node.value);
  if (block.dispatch_action) {
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      ctx.click(block, element, node.value);
    });
  }
  return node;
}

/** Show errors {block_id: text} on a drawn surface; focus the first. */
export function showErrors(root, errors) {
  let first = null;
  for (const box of root.querySelectorAll(".input-block")) {
    const text = errors[box.dataset.block] || "";
    const control = box.querySelector("input,textarea,button");
    box.classList.toggle("invalid", Boolean(text));
    box.querySelector(".error").textContent = text;
    if (text) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
    if (text) first ||= control;
  }
  first?.focus();
  return first !== null;
}
