// The state of a surface's controls: what a submit or a click sends as "values".

export class Form {
  /** kept: values of an older drawing of the same surface, so that an update does not take away what was typed. */
  constructor(kept = {}) {
    this.fields = new Map();
    this.kept = kept;
  }

  /** read() gives the value as the workspace takes it; options() whole option objects, for a redraw. */
  add(block, action, read) {
    this.fields.set(JSON.stringify([block, action]), { block, action, read });
  }

  /** What a former drawing held for this control, or undefined. */
  was(block, action) {
    return this.kept[block]?.[action];
  }

  /** {block_id: {action_id: value}}: texts, an option's value, a list of values, or null when empty. */
  values(shape = (read) => sent(read())) {
    const all = {};
    for (const { block, action, read } of this.fields.values()) (all[block] ||= {})[action] = shape(read);
    return all;
  }

  /** As values(), with whole options: for the next drawing. */
  snapshot() {
    return this.values((read) => read());
  }
}

/** Option objects become their values; "" becomes null. */
export function sent(value) {
  if (Array.isArray(value)) return value.map((one) => one?.value ?? one);
  if (value && typeof value === "object") return value.value;
  return value === "" || value === undefined ? null : value;
}
