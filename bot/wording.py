"""Every sentence the bot says by itself to customers, in one place."""

INTRODUCTION = (
    "I am a bot. Your messages here are stored, and people of our team read them and correct me, so that I learn. "
    "Write “my data” to see what I keep of you, to stop me learning from it, or to have it erased."
)
MINE = frozenset({"my data", "my requests", "show my data", "show my requests"})
"""What a customer writes to see their requests and their data: works with messages alone, without the App Home."""
CLARIFY = "I want to be sure that I help with the right thing. Did you mean one of these?"
NO_ANSWER = "I have no answer to this one. A colleague can help: use the button below."
OFFER = "I am afraid that I cannot help with this one. Shall I ask a colleague?"
NONE_OF_THESE = "Thank you, then I have not understood you yet. Tell me in other words, or shall I ask a colleague?"
WHICH_ORDER = "You have several orders. Which one do you mean?"
NO_SUCH_ORDER = "I find no order of yours with that number. Please look at the number again."
NO_SUCH_ORDER_AGAIN = "I still find no order of yours with that number. Shall I ask a colleague to look for it?"
ASKED_WAITING = "Your last request about this is with our team already."
ASKED_BEFORE = "Your last request about this is still open, too."
ASKED_CLOSED = "Your last request about this was closed a short while ago."
WAS_ALL = "Was that all?"
WHAT_ELSE = "What else can I do for you?"
GLAD = "Glad to help."
NO_COLLEAGUE = "All right. Ask me anything else, or call a colleague whenever you like."
CHOSE_ORDER = "You chose order {number}."
ONE_ORDER = "You named no order; this is the only one that it can be about."
ORDERS_IN_PRIVATE = "Others read along here. Write to me in a direct message, and I look up your own order."
HANDOFF = "I have asked a colleague to help you. They answer in this thread, and I stay silent from here on."
HANDOFF_ELSEWHERE = "I have asked a colleague to help you. They answer in {thread}, and I stay silent from here on."
OWN_THREAD = "the thread of your request"
IN_LINE = "You are number {number} in line."
AWAY = "Nobody is here right now: somebody answers from {when} on."
LATE = "I am sorry that this takes longer. Your request is not forgotten: a colleague answers here as soon as possible."
WITH_A_PERSON = "Your request is with our team already. I have added this to it."
TAKEN = "{name} has your request now and will answer here."
RESOLVED = "This request is closed. If something is missing, just write here and a person looks at it again."
RELEASED = "I am the bot again: ask me anything, or call a colleague."
REOPENED = "I have opened your request again and told a colleague."
REOPENED_BOT = "This request was closed a while ago, so this is the bot again."
DRAFTED = "Thank you. A colleague checks my answer and sends it here shortly."
APOLOGY = "I am sorry, something went wrong on my side. I have asked a colleague to help you here."
NO_WORDS = "Tell me in a sentence what you need: I can only read words, no pictures or files yet."
IN_WORDS = "Tell me in a sentence what you need, or ask a colleague with the button below."
UNREAD = {
    "kind": f"I read pictures (PNG, JPEG, WebP, GIF), but not this kind of file. {IN_WORDS}",
    "large": f"That file is too large for me. {IN_WORDS}",
    "pixels": f"That picture is too large for me. {IN_WORDS}",
    "small": f"That picture is too small for me to read. {IN_WORDS}",
    "animated": f"I cannot read moving pictures. {IN_WORDS}",
    "wordless": f"I find no words in your picture. {IN_WORDS}",
    "silent": f"I have no transcript of what you said. {IN_WORDS}",
    "busy": f"Many pictures wait just now. {IN_WORDS}",
    "missing": NO_WORDS,
    "many": f"Those are more files than I read at once. {IN_WORDS}",
    "broken": f"I cannot read your picture. {IN_WORDS}",
    "fetch": f"I could not open your file. {IN_WORDS}",
    "empty": f"That file is empty. {IN_WORDS}",
}
"""By the reason why something that came with a message is not read."""
NOT_READ = "I could not read all that came with your message, and went by your words."
TOO_LONG = "That is more than I can read at once ({count:,} characters). Tell me in a few sentences what you need."
ALL_SET = "Glad to hear it! This request is closed; write here again and it is opened anew. How was it, from 1 to 5?"
SCORED = "Thank you: you gave {score} of 5. You can still change it."
CLOSED_ALREADY = "This request is closed already."
MY_DATA = (
    "What I keep of you: your messages to me with their edits, what I understood and answered, the buttons you "
    "pressed, your judgements and scores of answers, and our team's corrections of me. It lies in our own database, "
    "and our team reads it. I learn from corrected messages how to understand others, unless you stop that."
)
NOT_ERASED = (
    "It does not reach backups made before, models that learned from your messages before, and what stands in Slack "
    "itself: delete your own messages there, and I take my answers back."
)
ERASE_ASKED = (
    "Your messages to me, my answers to them, your comments, and our team's corrections of them lose their words, for "
    "good. Your requests stay open, without what was said."
)
LEARNS = "From now on I may learn from your messages again."
LEARNS_NOTHING = (
    "From now on nothing of yours is learned: your messages, and corrections of them, are in no training. Models "
    "trained before stay as they are until the next training."
)
COPIED = "Done: the file `my-data.json` is in the direct messages with me, where nobody else sees it."
NO_COPY = "I could not put the file into the direct messages with me. Ask our team for it: they can make one too."
ERASED = "Done, the words are gone: {count}. {weights}"
NOT_OPENED = "I cannot open this one any more. Ask me in your own words, or talk to a person."
THANKS = "Thank you, noted."
THANKS_BAD = "Thank you. People of our team look at this."
NOT_HELPFUL = {
    "wrong_topic": "It is about something else",
    "wrong_answer": "The answer is wrong",
    "incomplete": "Something is missing",
    "outdated": "It is out of date",
    "rude": "The tone is wrong",
    "other": "Something else",
}
"""Why an answer did not help, by the name under which the reason is kept."""
NOT_YOURS = "Only the person who asked can use these buttons."
ALREADY_CALLED = "A colleague has been asked already and answers in the thread."
SET_UP = (
    "I am not set up yet, so I answer nobody. Make a private channel for your support agents, invite me to it, "
    "then say {command} setup anywhere and pick that channel."
)
YOU_ASKED = "You asked: {question}"
ASKED = "I am on it: {link}. The answer comes there, and only you see it."
ASKED_JOINED = f"{WITH_A_PERSON} They answer there: {{link}}."
PERSON_ASKED = "A colleague of ours is asked and answers there: {link}."
ASKED_LINK = "your request in our direct messages"
ASK_WHAT = "Write your question after the command: `{command} where is my order?`"
NOT_READY = "I am not set up yet, so I cannot answer. Please try again later."
FAILED = "That did not work. Please try once more."
ONLY_AGENTS = "Only support agents can do this."
THINKING = "is thinking…"
