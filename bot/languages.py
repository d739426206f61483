"""What is said to customers whose language the intent model does not read: fixed texts, in their own language.

To add one: a line in PHRASES, under its two letters of ISO 639-1. Loads no torch.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot import wording
from model.language import NAMES, detect, name
from model.types import UnderstudyError

Served = frozenset[str] | None
"""Two-letter codes; none means all languages."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Three fixed texts of one language."""

    offer: str
    person: str
    """On the button."""
    handoff: str


@dataclass(frozen=True, slots=True)
class Languages:
    """Who can be served. `served` is asked each time, for it changes with the live model."""

    served: Callable[[], Served] = lambda: None
    detect: Callable[[str], str] = detect

    def foreign(self, text: str) -> str:
        """The code of a message's language where the model does not read it; empty where it does, and in doubt."""
        served = self.served()
        if served is None:
            return ""
        code = self.detect(text)
        return "" if code in served else code

    def handoff(self, text: str) -> str:
        """That a person was called, said in the message's language."""
        code = self.foreign(text)
        return phrases(code).handoff if code else wording.HANDOFF

    def name(self, text: str) -> str:
        """The language of a message for agents; empty for English, and in doubt."""
        code = self.detect(text)
        return "" if code == "en" else name(code)


def phrases(code: str) -> Phrases:
    """In that language; English where nobody has written them yet."""
    return PHRASES.get(code) or OTHERS


def languages_of(setting: str, live: Callable[[], Served]) -> Languages:
    """The languages of the setting LANGUAGES; where it says nothing, those that the live model reads.

    Raises:
        UnderstudyError: a code that nobody knows.
    """
    codes = frozenset(part.strip().lower() for part in setting.split(",") if part.strip())
    unknown = sorted(codes - NAMES.keys() - {"all"})
    if unknown:
        raise UnderstudyError(
            f"LANGUAGES: expected two-letter codes such as en,de or the word all, found {unknown[0]!r}. Correct it."
        )
    if not codes:
        return Languages(live)
    return Languages(lambda: None if "all" in codes else codes)


OTHERS = Phrases(
    "I am a bot and do not understand your language yet. Shall I ask a colleague to help you?",
    "Talk to a person",
    "I have asked a colleague to help you. They answer here, and I write no more in this conversation.",
)
PHRASES = {
    "en": Phrases(
        "I am a bot and do not understand English yet. Shall I ask a colleague to help you?",
        "Talk to a person",
        "I have asked a colleague to help you. They answer here, and I write no more in this conversation.",
    ),
    "ar": Phrases(
        "أنا روبوت ولا أفهم العربية بعد. هل تود أن أطلب من أحد الزملاء مساعدتك؟",
        "التحدث مع شخص",
        "طلبت من أحد الزملاء مساعدتك. ستصلك الإجابة هنا، ولن أكتب بعد الآن في هذه المحادثة.",
    ),
    "de": Phrases(
        "Ich bin ein Bot und verstehe noch kein Deutsch. Soll ich jemanden aus unserem Team um Hilfe bitten?",
        "Mit einem Menschen sprechen",
        "Ich habe unser Team um Hilfe gebeten. Jemand antwortet Ihnen hier, und ich schreibe in diesem Gespräch "
        "nichts mehr.",
    ),
    "es": Phrases(
        "Soy un bot y todavía no entiendo español. ¿Quiere que pida ayuda a una persona de nuestro equipo?",
        "Hablar con una persona",
        "He pedido ayuda a una persona de nuestro equipo. Le responderá aquí, y yo ya no escribiré más en esta "
        "conversación.",
    ),
    "fr": Phrases(
        "Je suis un robot et je ne comprends pas encore le français. Voulez-vous que je demande à un collègue de "
        "vous aider ?",
        "Parler à une personne",
        "J'ai demandé à un collègue de vous aider. Il vous répondra ici, et je n'écrirai plus dans cette conversation.",
    ),
    "hi": Phrases(
        "मैं एक बॉट हूँ और अभी हिन्दी नहीं समझता। क्या मैं किसी सहकर्मी से आपकी मदद करने को कहूँ?",
        "किसी व्यक्ति से बात करें",
        "मैंने एक सहकर्मी से आपकी मदद करने को कहा है। जवाब यहीं मिलेगा, और अब मैं इस बातचीत में कुछ नहीं लिखूँगा।",
    ),
    "it": Phrases(
        "Sono un bot e non capisco ancora l'italiano. Vuole che chieda aiuto a un collega?",
        "Parlare con una persona",
        "Ho chiesto aiuto a un collega. Le risponderà qui, e io non scriverò più in questa conversazione.",
    ),
    "ja": Phrases(
        "私はボットで、日本語はまだ理解できません。担当者におつなぎしましょうか?",
        "担当者と話す",
        "担当者に対応を依頼しました。こちらに返信があります。以降、私はこの会話には書き込みません。",
    ),
    "ko": Phrases(
        "저는 봇이며 아직 한국어를 이해하지 못합니다. 담당자에게 도움을 요청할까요?",
        "상담원과 대화하기",
        "담당자에게 도움을 요청했습니다. 답변은 여기에서 받으실 수 있고, 저는 이 대화에 더 이상 글을 쓰지 않겠습니다.",
    ),
    "nl": Phrases(
        "Ik ben een bot en begrijp nog geen Nederlands. Zal ik een collega vragen om u te helpen?",
        "Met een medewerker praten",
        "Ik heb een collega gevraagd om u te helpen. U krijgt hier antwoord, en ik schrijf in dit gesprek niets meer.",
    ),
    "pl": Phrases(
        "Jestem botem i nie rozumiem jeszcze języka polskiego. Czy mam poprosić o pomoc kogoś z naszego zespołu?",
        "Porozmawiaj z człowiekiem",
        "Nasz zespół został poproszony o pomoc. Ktoś odpowie tutaj, a ja nie będę już pisać w tej rozmowie.",
    ),
    "pt": Phrases(
        "Sou um bot e ainda não entendo português. Deseja que eu peça ajuda a um colega?",
        "Falar com uma pessoa",
        "Pedi ajuda a um colega. A resposta chega aqui, e eu não escrevo mais nesta conversa.",
    ),
    "ru": Phrases(
        "Я бот и пока не понимаю по-русски. Попросить коллегу помочь вам?",
        "Поговорить с человеком",
        "Ваш вопрос передан коллеге. Вам ответят здесь, а я больше не буду писать в этой беседе.",
    ),
    "tr": Phrases(
        "Ben bir botum ve henüz Türkçe anlamıyorum. Bir çalışma arkadaşımdan size yardımcı olmasını isteyeyim mi?",
        "Bir kişiyle görüş",
        "Bir çalışma arkadaşımdan size yardımcı olmasını istedim. Yanıtı burada alacaksınız; ben bu konuşmada artık "
        "yazmayacağım.",
    ),
    "uk": Phrases(
        "Я бот і поки що не розумію української мови. Попросити колегу допомогти вам?",
        "Поговорити з людиною",
        "Ваше запитання передано колезі. Вам відповідять тут, а я більше не писатиму в цій розмові.",
    ),
    "zh": Phrases(
        "我是机器人，目前还看不懂中文。需要我请同事来帮助您吗？",
        "联系人工客服",
        "我已请同事来帮助您。他们会在这里回复，我不会再在此对话中发言。",
    ),
}
