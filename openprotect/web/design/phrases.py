"""The few words of our own on pages of a form, in the languages that packs are written in.

All but English await a professional translator: whoever publishes in a language signs for it.
"""

from dataclasses import dataclass, fields, replace
from typing import Final

RIGHT_TO_LEFT: Final = frozenset({"ar", "dv", "fa", "he", "ku-arab", "ps", "sd", "ug", "ur", "yi"})
NAMES: Final = {
    "ar": "العربية",
    "bn": "বাংলা",
    "cy": "Cymraeg",
    "de": "Deutsch",
    "en": "English",
    "en-easy": "English (Easy Read)",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "lt": "Lietuvių",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "uk": "Українська",
    "ur": "اردو",
    "zh": "中文",
}


@dataclass(frozen=True)
class Phrases:
    """What stands on buttons and beside boxes. `language` is the one that it really is in."""

    language: str = "en"
    go_on: str = "Continue"
    back: str = "Back"
    yes: str = "Yes"
    no: str = "No"
    other: str = "Something else"
    other_words: str = "Write your answer"
    answer: str = "Answer"
    add: str = "Add another"
    remove: str = "Remove"
    one_more: str = "Do you want to add another?"
    so_far: str = "So far"
    check: str = "Check your answers"
    not_sent: str = "You have not sent them yet."
    change: str = "Change"
    send: str = "Send my answers"
    empty: str = "You left this empty"
    day: str = "Day"
    month: str = "Month"
    year: str = "Year"
    hour: str = "Hour"
    minute: str = "Minute"
    unit: str = "Unit"
    choose: str = "Choose"
    languages: str = "Languages"
    large: str = "Large print"
    usual: str = "Usual print"
    optional: str = "You can leave this empty."
    again: str = "Is all of this still so?"
    again_why: str = (
        "This is what you told us last time. If it is all still so, you need not answer again."
    )
    again_yes: str = "Yes, send the same answers"
    again_no: str = "No, something has changed"


ENGLISH: Final = Phrases()
_OTHERS: Final = {
    "pl": (
        "Dalej|Wstecz|Tak|Nie|Coś innego|Wpisz odpowiedź|Odpowiedź|Dodaj kolejną|Usuń|"
        "Czy chcesz dodać kolejną pozycję?|Do tej pory|Sprawdź swoje odpowiedzi|"
        "Odpowiedzi nie zostały jeszcze wysłane.|Zmień|Wyślij moje odpowiedzi|"
        "To pole pozostało puste|Dzień|Miesiąc|Rok|Godzina|Minuta|Jednostka|Wybierz|Języki|"
        "Duży druk|Zwykły druk|Możesz zostawić to pole puste.|Czy to wszystko jest nadal aktualne?|"
        "To nam powiedziano ostatnim razem. Jeśli nic się nie zmieniło, nie trzeba odpowiadać "
        "ponownie.|"
        "Tak, wyślij te same odpowiedzi|Nie, coś się zmieniło"
    ),
    "pt": (
        "Continuar|Voltar|Sim|Não|Outra coisa|Escreva a sua resposta|Resposta|Adicionar outra|"
        "Remover|Quer adicionar mais?|Até agora|Verifique as suas respostas|"
        "Ainda não as enviou.|Alterar|Enviar as minhas respostas|Deixou isto em branco|Dia|Mês|"
        "Ano|Hora|Minuto|Unidade|Escolha|Idiomas|Letra grande|Letra normal|"
        "Pode deixar isto em branco.|Tudo isto continua assim?|"
        "Foi isto que nos disse da última vez. Se nada mudou, não precisa de responder outra vez.|"
        "Sim, enviar as mesmas respostas|Não, alguma coisa mudou"
    ),
    "lt": (
        "Tęsti|Atgal|Taip|Ne|Kita|Parašykite savo atsakymą|Atsakymas|Pridėti dar|Pašalinti|"
        "Ar norite pridėti dar?|Iki šiol|Patikrinkite savo atsakymus|Jie dar neišsiųsti.|Keisti|"
        "Siųsti mano atsakymus|Palikote tuščią|Diena|Mėnuo|Metai|Valanda|Minutė|Vienetas|"
        "Pasirinkite|Kalbos|Stambus šriftas|Įprastas šriftas|Galite palikti tuščią.|"
        "Ar visa tai tebegalioja?|Tai mums sakėte praėjusį kartą. Jei niekas nepasikeitė, "
        "iš naujo atsakyti nereikia.|Taip, siųsti tuos pačius atsakymus|Ne, kai kas pasikeitė"
    ),
    "ar": (
        "متابعة|رجوع|نعم|لا|شيء آخر|اكتب إجابتك|الإجابة|إضافة أخرى|إزالة|هل تريد إضافة المزيد؟|"
        "حتى الآن|راجع إجاباتك|لم ترسلها بعد.|تغيير|إرسال إجاباتي|تركت هذا فارغًا|اليوم|الشهر|"
        "السنة|الساعة|الدقيقة|الوحدة|اختر|اللغات|خط كبير|خط عادي|يمكنك ترك هذا فارغًا.|"
        "هل ما زال كل هذا كما هو؟|هذا ما أخبرتنا به في المرة السابقة. إذا لم يتغير شيء فلا داعي "
        "للإجابة مرة أخرى.|نعم، أرسل الإجابات نفسها|لا، تغيّر شيء"
    ),
}


def phrases(language: str) -> Phrases:
    """Our words in a language, or in English where we have none."""
    for name in (language, language.partition("-")[0]):
        if written := _OTHERS.get(name):
            names = [each.name for each in fields(Phrases)][1:]
            words = dict(zip(names, written.split("|"), strict=True))
            return replace(ENGLISH, language=name, **words)
    return ENGLISH


def direction(language: str) -> str:
    """Which way a language is written."""
    return (
        "rtl" if {language.lower(), language.lower().partition("-")[0]} & RIGHT_TO_LEFT else "ltr"
    )


def name_of(language: str) -> str:
    """What those who speak a language call it."""
    return NAMES.get(language) or NAMES.get(language.partition("-")[0]) or language
