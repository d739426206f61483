// What one person sees: the state behind a client, kept up to date by events. Knows no DOM.
import { act, listen, upload } from "./socket.js";

const byTs = (a, b) => (a.ts < b.ts ? -1 : 1);

export class Person {
  constructor(id) {
    this.id = id;
    this.ready = false;
    this.online = false;
    this.users = new Map();
    this.channels = new Map();
    this.messages = new Map();
    this.ephemerals = new Map();
    this.unread = new Map();
    this.statuses = new Map();
    this.prompts = new Map();
    this.views = [];
    this.home = null;
    this.listeners = new Set();
    this.names = {
      user: (key) => this.users.get(key)?.real_name || this.users.get(key)?.name || "",
      channel: (key) => this.channels.get(key)?.name || "",
    };
  }

  connect() {
    this.hangUp = listen(this.id, (event) => this.apply(event), (state) => this.setOnline(state === "open"));
    return this;
  }

  on(listener) {
    this.listeners.add(listener);
  }

  emit(event) {
    for (const listener of this.listeners) listener(event);
  }

  setOnline(online) {
    this.online = online;
    this.emit({ type: "online", online });
  }

  /** form: callback id of the form that is sent; by then it may have closed. */
  async act(action, form = "") {
    const answer = await act(this.id, action);
    this.emit({ type: "acted", action, answer, form });
    return answer;
  }

  upload(channel, files, text, threadTs, said = "") {
    return upload(this.id, channel, files, text, threadTs, said);
  }

  get user() {
    return this.users.get(this.id) || { id: this.id, name: this.id, real_name: "", role: "" };
  }

  get bot() {
    return [...this.users.values()].find((user) => user.role === "bot" || user.is_bot);
  }

  get botDm() {
    return [...this.channels.values()].find((channel) => channel.kind === "im");
  }

  of(channel) {
    const both = [...(this.messages.get(channel)?.values() || []), ...(this.ephemerals.get(channel)?.values() || [])];
    return both.sort(byTs);
  }

  find(channel, ts) {
    return this.messages.get(channel)?.get(ts) || this.ephemerals.get(channel)?.get(ts);
  }

  apply(event) {
    const handler = HANDLERS[event.type];
    if (handler) handler(this, event);
    this.emit(event);
  }
}

const keep = (map, channel, message) => {
  if (!map.has(channel)) map.set(channel, new Map());
  map.get(channel).set(message.ts, message);
};
const statusKey = (event) => `${event.channel} ${event.thread_ts || ""}`;
const table = (object) => new Map(Object.entries(object || {}).map(([channel, list]) => [channel, new Map(list.map((m) => [m.ts, m]))]));

function unreadAfter(me, event) {
  if (event.message.user === me.id) return;
  me.unread.set(event.channel, (me.unread.get(event.channel) || 0) + 1);
}

const HANDLERS = {
  snapshot(me, event) {
    const before = me.ready ? me.messages : null;
    Object.assign(me, { team: event.team, app: event.app, home: event.home, views: event.views || [], largestFile: event.largest_file, pictures: event.pictures || [], ready: true });
    me.commands = event.commands || [];
    me.shortcuts = event.shortcuts || [];
    me.users = new Map(event.users.map((user) => [user.id, user]));
    me.channels = new Map(event.channels.map((channel) => [channel.id, channel]));
    me.messages = table(event.messages);
    me.ephemerals = table(event.ephemerals);
    me.statuses = new Map((event.statuses || []).map((status) => [statusKey(status), status]));
    me.prompts = new Map((event.prompts || []).map((prompts) => [prompts.channel, prompts]));
    if (before) countMissed(me, before);
  },
  message(me, event) {
    const known = me.messages.get(event.channel)?.has(event.message.ts);
    keep(me.messages, event.channel, event.message);
    if (!known) unreadAfter(me, event);
  },
  message_changed: (me, event) => keep(me.messages, event.channel, event.message),
  message_deleted: (me, event) => me.messages.get(event.channel)?.delete(event.ts),
  ephemeral(me, event) {
    keep(me.ephemerals, event.channel, event.message);
    unreadAfter(me, event);
  },
  ephemeral_deleted: (me, event) => me.ephemerals.get(event.channel)?.delete(event.ts),
  view_open(me, event) {
    me.views = [...me.views.filter((view) => view.id !== event.view.id), event.view];
  },
  view_update(me, event) {
    me.views = me.views.map((view) => (view.id === event.view.id ? event.view : view));
  },
  view_close(me, event) {
    const at = me.views.findIndex((view) => view.id === event.view_id);
    if (at >= 0) me.views = me.views.slice(0, at);
  },
  home(me, event) {
    me.home = event.view;
  },
  status(me, event) {
    if (event.text) me.statuses.set(statusKey(event), event);
    else me.statuses.delete(statusKey(event));
  },
  prompts: (me, event) => me.prompts.set(event.channel, event),
  app(me, event) {
    me.app = { ...me.app, connected: event.connected };
  },
  user: (me, event) => me.users.set(event.user.id, event.user),
  channel: (me, event) => me.channels.set(event.channel.id, event.channel),
};

/** After a reconnect: what came while the socket was away is unread. */
function countMissed(me, before) {
  for (const [channel, messages] of me.messages) {
    const known = before.get(channel) || new Map();
    for (const message of messages.values()) if (!known.has(message.ts)) unreadAfter(me, { channel, message });
  }
}
