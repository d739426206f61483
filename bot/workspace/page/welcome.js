// What stands in an empty place, and the questions that the tour offers. The questions fit the starter shop; any others work too.
import { h } from "./dom.js";
import { avatar } from "./avatar.js";

export const QUESTIONS = {
  ask: ["where is my parcel??", "do you ship to Norway?", "can I return a mug?"],
  outside: ["can you recommend a good novel?"],
  own: ["where is my order 10031?", "where is my last order?"],
  unsure: ["my favourite mug came in three pieces :("],
  again: ["our favourite mug came in three pieces :("],
  learn: ["/support train now"],
};

export function welcome(client, channel) {
  const { person } = client;
  const room = person.channels.get(channel);
  if (room?.kind === "im" && person.user.role !== "agent") return customer(client, person);
  const text = room?.kind === "private"
    ? "Cases that need a person appear here as cards. Ask something as Mia or Tom, on the left, that the bot cannot know."
    : room?.kind === "im"
      ? "Your own messages to the bot are test cases: they are answered, but never counted and never trained on."
      : "Mention the bot to ask it something here: @understudy where is my parcel?";
  return [h("h3", {}, client.title(channel)), h("p", {}, text)];
}

function customer(client, person) {
  const prompts = person.prompts.get(person.botDm?.id)?.prompts || [];
  const offered = prompts.length ? prompts.map((prompt) => prompt.message) : [...QUESTIONS.ask, QUESTIONS.outside[0]];
  const one = (text) => h("button.prompt", { type: "button", onclick: () => client.composer.fill(text) }, text);
  const hint = person.pictures?.length
    ? "You have orders to ask about, and under the clip are screenshots to send."
    : "You may send it a screenshot: drop one, or press the clip.";
  return [
    avatar(person.bot),
    h("h3", {}, `Hello ${(person.user.real_name || "").split(" ")[0]}`),
    h("p", {}, "You are a customer of the shop. Write to the bot as you would to any shop, typing mistakes included."),
    h("p", {}, hint),
    h("div.prompt-stack", {}, offered.map(one)),
  ];
}
