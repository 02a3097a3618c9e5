"""48 short questions in 13 languages, and the article of the starter knowledge base that answers.

They were written before anything was tuned.
"""

PASSWORD, LOCKED = "accounts/password-reset.md", "accounts/account-lockout.md"
PRINTER, MAILBOX = "print/printer-or-queue.md", "mail/mailbox-full.md"
VPN, VPN_DROPS = "vpn/cannot-connect.md", "vpn/keepalive.md"
INTERNET, WIFI = "network/dns-no-internet.md", "network/wifi-roaming.md"
SLOW_PC, SLOW_APP = "devices/slow-disk-full.md", "performance/slow-application.md"
CRASH, AUDIO = "performance/application-crash.md", "collaboration/meeting-audio.md"
FILE, PHISHING = "data/restore-file.md", "mail/report-phishing.md"
PHONE, CODE = "mfa/new-phone.md", "mfa/no-prompt.md"
LICENCE, UPDATE = "licences/licence-expired.md", "patching/patch-failed.md"
MAIL, CERTIFICATE = "mail/send-receive.md", "browser/certificate-warning.md"

#: (language, question, path of the article that answers it)
QUESTIONS: tuple[tuple[str, str, str], ...] = (
    ("de", "Ich habe mein Kennwort vergessen", PASSWORD),
    ("de", "der Drucker reagiert nicht", PRINTER),
    ("de", "im Meeting hört mich keiner", AUDIO),
    ("de", "mein Rechner ist furchtbar lahm", SLOW_PC),
    ("fr", "j'ai oublié mon mot de passe", PASSWORD),
    ("fr", "ma messagerie est pleine", MAILBOX),
    ("fr", "j'ai effacé un fichier par accident", FILE),
    ("fr", "le logiciel plante au démarrage", CRASH),
    ("es", "he olvidado mi contraseña", PASSWORD),
    ("es", "la impresora no imprime", PRINTER),
    ("es", "mi buzón de correo está lleno", MAILBOX),
    ("es", "no hay conexión a internet", INTERNET),
    ("it", "ho dimenticato la password", PASSWORD),
    ("it", "il computer è molto lento", SLOW_PC),
    ("it", "la mia licenza è scaduta", LICENCE),
    ("it", "ho cancellato un file per errore", FILE),
    ("nl", "ik ben mijn wachtwoord vergeten", PASSWORD),
    ("nl", "mijn account is geblokkeerd", LOCKED),
    ("nl", "de printer doet het niet", PRINTER),
    ("nl", "verdachte e-mail ontvangen", PHISHING),
    ("pl", "zapomniałem hasła", PASSWORD),
    ("pl", "drukarka nie drukuje", PRINTER),
    ("pl", "nie mogę połączyć się z VPN", VPN),
    ("pl", "moje konto jest zablokowane", LOCKED),
    ("pt", "esqueci a minha senha", PASSWORD),
    ("pt", "a caixa de correio está cheia", MAILBOX),
    ("pt", "o programa está muito lento", SLOW_APP),
    ("pt", "perdi o meu telemóvel com o autenticador", PHONE),
    ("ru", "забыл пароль", PASSWORD),
    ("ru", "принтер не печатает", PRINTER),
    ("ru", "нет доступа в интернет", INTERNET),
    ("ru", "учётная запись заблокирована", LOCKED),
    ("tr", "şifremi unuttum", PASSWORD),
    ("tr", "yazıcı çalışmıyor", PRINTER),
    ("tr", "internet bağlantısı yok", INTERNET),
    ("tr", "posta kutusu dolu", MAILBOX),
    ("ja", "パスワードを忘れました", PASSWORD),
    ("ja", "プリンターで印刷できません", PRINTER),
    ("ja", "メールボックスがいっぱいです", MAILBOX),
    ("ko", "비밀번호를 잊어버렸어요", PASSWORD),
    ("ko", "프린터가 인쇄되지 않아요", PRINTER),
    ("ko", "컴퓨터가 너무 느려요", SLOW_PC),
    ("zh", "我忘记了密码", PASSWORD),
    ("zh", "打印机无法打印", PRINTER),
    ("zh", "无法连接VPN", VPN),
    ("ar", "نسيت كلمة المرور", PASSWORD),
    ("ar", "الطابعة لا تطبع", PRINTER),
    ("ar", "حسابي مقفل", LOCKED),
)
