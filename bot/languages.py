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
    """The fixed texts of one language."""

    offer: str
    person: str
    """On the button."""
    handoff: str
    line: str
    """The place in the line, at `{number}`."""
    away: str
    """Nobody is there; somebody will be at `{when}`."""
    late: str
    """It takes longer."""


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
    "You are number {number} in line.",
    "Nobody is here right now: somebody answers from {when} on.",
    "I am sorry that this takes longer. Your request is not forgotten.",
)
PHRASES = {
    "en": Phrases(
        "I am a bot and do not understand English yet. Shall I ask a colleague to help you?",
        "Talk to a person",
        "I have asked a colleague to help you. They answer here, and I write no more in this conversation.",
        "You are number {number} in line.",
        "Nobody is here right now: somebody answers from {when} on.",
        "I am sorry that this takes longer. Your request is not forgotten.",
    ),
    "ar": Phrases(
        "أنا روبوت ولا أفهم العربية بعد. هل تود أن أطلب من أحد الزملاء مساعدتك؟",
        "التحدث مع شخص",
        "طلبت من أحد الزملاء مساعدتك. ستصلك الإجابة هنا، ولن أكتب بعد الآن في هذه المحادثة.",
        "رقمك في قائمة الانتظار هو {number}.",
        "لا يوجد أحد متاح الآن، وسيرد عليك أحد الزملاء ابتداءً من {when}.",
        "نأسف لأن الأمر يستغرق وقتًا أطول. لم يُنسَ طلبك.",
    ),
    "de": Phrases(
        "Ich bin ein Bot und verstehe noch kein Deutsch. Soll ich jemanden aus unserem Team um Hilfe bitten?",
        "Mit einem Menschen sprechen",
        "Ich habe unser Team um Hilfe gebeten. Jemand antwortet Ihnen hier, und ich schreibe in diesem Gespräch "
        "nichts mehr.",
        "Sie sind Nummer {number} in der Warteschlange.",
        "Im Moment ist niemand da: Jemand antwortet ab {when}.",
        "Es tut mir leid, dass es länger dauert. Ihre Anfrage ist nicht vergessen.",
    ),
    "es": Phrases(
        "Soy un bot y todavía no entiendo español. ¿Quiere que pida ayuda a una persona de nuestro equipo?",
        "Hablar con una persona",
        "He pedido ayuda a una persona de nuestro equipo. Le responderá aquí, y yo ya no escribiré más en esta "
        "conversación.",
        "Es el número {number} en la cola.",
        "Ahora mismo no hay nadie: alguien le responderá a partir de {when}.",
        "Siento que esto tarde más de lo normal. Su solicitud no se ha olvidado.",
    ),
    "fr": Phrases(
        "Je suis un robot et je ne comprends pas encore le français. Voulez-vous que je demande à un collègue de "
        "vous aider ?",
        "Parler à une personne",
        "J'ai demandé à un collègue de vous aider. Il vous répondra ici, et je n'écrirai plus dans cette conversation.",
        "Vous êtes au numéro {number} dans la file d'attente.",
        "Personne n'est disponible en ce moment : quelqu'un vous répondra à partir de {when}.",
        "Je suis désolé que cela prenne plus de temps. Votre demande n'est pas oubliée.",
    ),
    "hi": Phrases(
        "मैं एक बॉट हूँ और अभी हिन्दी नहीं समझता। क्या मैं किसी सहकर्मी से आपकी मदद करने को कहूँ?",
        "किसी व्यक्ति से बात करें",
        "मैंने एक सहकर्मी से आपकी मदद करने को कहा है। जवाब यहीं मिलेगा, और अब मैं इस बातचीत में कुछ नहीं लिखूँगा।",
        "कतार में आपका स्थान {number} है।",
        "अभी यहाँ कोई नहीं है: {when} से कोई जवाब देगा।",
        "देरी के लिए खेद है। आपका अनुरोध भूला नहीं गया है।",
    ),
    "it": Phrases(
        "Sono un bot e non capisco ancora l'italiano. Vuole che chieda aiuto a un collega?",
        "Parlare con una persona",
        "Ho chiesto aiuto a un collega. Le risponderà qui, e io non scriverò più in questa conversazione.",
        "È il numero {number} in coda.",
        "In questo momento non c'è nessuno: qualcuno Le risponderà a partire da {when}.",
        "Mi dispiace che ci voglia più tempo. La Sua richiesta non è stata dimenticata.",
    ),
    "ja": Phrases(
        "私はボットで、日本語はまだ理解できません。担当者におつなぎしましょうか?",
        "担当者と話す",
        "担当者に対応を依頼しました。こちらに返信があります。以降、私はこの会話には書き込みません。",
        "ただいまの順番は{number}番目です。",
        "現在は担当者が不在です。{when}以降にお答えします。",
        "お待たせして申し訳ございません。ご依頼は忘れておりません。",
    ),
    "ko": Phrases(
        "저는 봇이며 아직 한국어를 이해하지 못합니다. 담당자에게 도움을 요청할까요?",
        "상담원과 대화하기",
        "담당자에게 도움을 요청했습니다. 답변은 여기에서 받으실 수 있고, 저는 이 대화에 더 이상 글을 쓰지 않겠습니다.",
        "현재 대기 순번은 {number}번입니다.",
        "지금은 담당자가 없습니다. {when}부터 답변해 드립니다.",
        "시간이 더 걸려 죄송합니다. 요청하신 내용은 잊지 않았습니다.",
    ),
    "nl": Phrases(
        "Ik ben een bot en begrijp nog geen Nederlands. Zal ik een collega vragen om u te helpen?",
        "Met een medewerker praten",
        "Ik heb een collega gevraagd om u te helpen. U krijgt hier antwoord, en ik schrijf in dit gesprek niets meer.",
        "U bent nummer {number} in de rij.",
        "Er is op dit moment niemand: vanaf {when} antwoordt er iemand.",
        "Het spijt me dat dit langer duurt. Uw verzoek is niet vergeten.",
    ),
    "pl": Phrases(
        "Jestem botem i nie rozumiem jeszcze języka polskiego. Czy mam poprosić o pomoc kogoś z naszego zespołu?",
        "Porozmawiaj z człowiekiem",
        "Nasz zespół został poproszony o pomoc. Ktoś odpowie tutaj, a ja nie będę już pisać w tej rozmowie.",
        "Numer w kolejce: {number}.",
        "W tej chwili nikogo nie ma: ktoś odpowie od {when}.",
        "Przepraszam, że to trwa dłużej. Pamiętamy o tej sprawie.",
    ),
    "pt": Phrases(
        "Sou um bot e ainda não entendo português. Deseja que eu peça ajuda a um colega?",
        "Falar com uma pessoa",
        "Pedi ajuda a um colega. A resposta chega aqui, e eu não escrevo mais nesta conversa.",
        "É o número {number} na fila.",
        "Neste momento não está ninguém: alguém responde a partir de {when}.",
        "Lamento que isto esteja a demorar mais. O seu pedido não foi esquecido.",
    ),
    "ru": Phrases(
        "Я бот и пока не понимаю по-русски. Попросить коллегу помочь вам?",
        "Поговорить с человеком",
        "Ваш вопрос передан коллеге. Вам ответят здесь, а я больше не буду писать в этой беседе.",
        "Ваш номер в очереди: {number}.",
        "Сейчас никого нет на месте: вам ответят начиная с {when}.",
        "Извините, что это занимает больше времени. О вашем вопросе не забыли.",
    ),
    "tr": Phrases(
        "Ben bir botum ve henüz Türkçe anlamıyorum. Bir çalışma arkadaşımdan size yardımcı olmasını isteyeyim mi?",
        "Bir kişiyle görüş",
        "Bir çalışma arkadaşımdan size yardımcı olmasını istedim. Yanıtı burada alacaksınız; ben bu konuşmada artık "
        "yazmayacağım.",
        "Sırada {number} numarasınız.",
        "Şu anda kimse yok: {when} itibarıyla yanıt verilecektir.",
        "Bunun daha uzun sürdüğü için üzgünüm. Talebiniz unutulmadı.",
    ),
    "uk": Phrases(
        "Я бот і поки що не розумію української мови. Попросити колегу допомогти вам?",
        "Поговорити з людиною",
        "Ваше запитання передано колезі. Вам відповідять тут, а я більше не писатиму в цій розмові.",
        "Ваш номер у черзі: {number}.",
        "Зараз нікого немає: вам дадуть відповідь починаючи з {when}.",
        "Вибачте, що це триває довше. Про ваше запитання не забули.",
    ),
    "zh": Phrases(
        "我是机器人，目前还看不懂中文。需要我请同事来帮助您吗？",
        "联系人工客服",
        "我已请同事来帮助您。他们会在这里回复，我不会再在此对话中发言。",
        "您目前排在第 {number} 位。",
        "现在没有同事在线：{when} 之后会有人回复您。",
        "抱歉让您久等了。我们没有忘记您的请求。",
    ),
}
