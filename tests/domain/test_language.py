"""The language of a text."""

import pytest

from helpdesk.domain.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I cannot log in this morning", "en"),
        ("Ich kann mich seit heute früh nicht anmelden", "de"),
        ("Der Drucker im zweiten Stock druckt nicht mehr", "de"),
        ("VPN geht nicht", "de"),
        ("je n'arrive plus à me connecter", "fr"),
        ("L'imprimante ne marche pas", "fr"),
        ("no puedo entrar en mi cuenta desde ayer", "es"),
        ("non riesco a stampare con la stampante", "it"),
        ("ik kan niet inloggen op mijn account", "nl"),
        ("nie mogę się zalogować do poczty", "pl"),
        ("não consigo entrar na minha conta", "pt"),
        ("şifremi unuttum ve giriş yapamıyorum", "tr"),
        ("не могу войти в почту", "ru"),
        ("パスワードを忘れました", "ja"),
        ("비밀번호를 잊어버렸어요", "ko"),
        ("打印机不能打印", "zh"),
        ("نسيت كلمة المرور", "ar"),
    ],
)
def test_script_and_common_words_show_the_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "VPN 809", "Outlook", "error 0x80070643", "パ Outlook VPN"])
def test_a_text_that_does_not_show_its_language_has_the_default(text: str) -> None:
    assert language_of(text) == "en"
    assert language_of(text, default="de") == "de"
