// The wire to the workspace: one WebSocket a person that comes back by itself, and POST /ui/act for what the person does.

const FIRST_WAIT = 250;
const LONGEST_WAIT = 4000;

/** Calls onEvent(event) for each frame and onState("open" | "lost"). Returns close(). */
export function listen(user, onEvent, onState) {
  let socket = null;
  let wait = FIRST_WAIT;
  let closed = false;
  let timer = 0;

  function open() {
    const address = new URL(`/ui/ws?user=${encodeURIComponent(user)}`, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(address);
    socket.onopen = () => {
      wait = FIRST_WAIT;
      onState("open");
    };
    socket.onmessage = (frame) => onEvent(JSON.parse(frame.data));
    socket.onclose = () => {
      if (closed) return;
      onState("lost");
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  }

  // A laptop that wakes up should not wait out its backoff.
  addEventListener("online", () => {
    if (socket?.readyState !== WebSocket.CLOSED || closed) return;
    clearTimeout(timer);
    open();
  });
  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    socket?.close();
  };
}

/** One action of a person. Always resolves: {ok: true, ...} or {ok: false, error, message}. */
export async function act(user, action) {
  try {
    const answer = await fetch("/ui/act", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user, ...action }),
    });
    return await answer.json();
  } catch {
    return { ok: false, error: "unreachable", message: "The workspace does not answer. Is it still running?" };
  }
}

/** Files as one message: all but the last are held until the last one goes. */
export async function upload(user, channel, files, text, threadTs, said) {
  const held = [];
  for (const [no, file] of files.entries()) {
    const last = no === files.length - 1;
    const query = new URLSearchParams({ user, channel, name: file.name || "image.png" });
    if (!last) query.set("hold", "1");
    else for (const [key, value] of Object.entries({ text, thread_ts: threadTs, said, with: held.join(",") })) if (value) query.set(key, value);
    const answer = await sendFile(query, file);
    if (!answer.ok || last) return answer;
    held.push(answer.file_id);
  }
  return { ok: true };
}

async function sendFile(query, file) {
  try {
    const answer = await fetch(`/ui/upload?${query}`, { method: "POST", body: file });
    return await answer.json();
  } catch {
    return { ok: false, error: "unreachable", message: "The file could not be sent." };
  }
}

const SAYINGS = {
  operation_timeout: "The bot did not answer in time.",
  not_in_threads: "Slash commands cannot be used in threads. Leave the thread first, or use the message menu.",
  unknown_command: "There is no such command here.",
  no_app: "No bot is connected just now.",
};

/** What to tell a person about a refusal. */
export const reason = (answer) => answer.message || SAYINGS[answer.error] || `That did not work (${answer.error || "unknown"}).`;
