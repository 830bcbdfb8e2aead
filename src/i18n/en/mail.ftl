mail-title = E-mails about refused deliveries
mail-means = Who may tell Amazon of deliveries gets an e-mail of those that Amazon refused, at most once an hour. Each person can switch it off in Preferences.
mail-off = Without a mail server the dashboard alone shows which deliveries Amazon refused. To get e-mails as well, whoever runs Comptoir sets COMPTOIR_SMTP_URL and COMPTOIR_MAIL_FROM.
mail-server = Mail server
mail-from = Sender
mail-readers = Who gets them
mail-readers-count = { $count ->
    [0] Nobody
    [one] { $count } person
   *[other] { $count } people
}
mail-last = Last e-mail
mail-none = None yet
mail-test = Send me a test e-mail
mail-test-sent = The mail server took the test e-mail to your address.
mail-test-unsent = The test e-mail did not go. { $what }
mail-problem-again = { $when }: an e-mail did not go. { $what } It is tried again from { $next } on.
mail-problem-at = { $when }: it is not known whether an e-mail went. { $what } It is not sent again, so that nobody gets it twice.
mail-problem-answer = { $what } (Answer { $code })
mail-problem-unreachable = The mail server cannot be reached.
mail-problem-encryption = The connection to the mail server cannot be encrypted.
mail-problem-sign-in = The mail server does not take the user name and the password.
mail-problem-busy = The mail server asks to try again later.
mail-problem-refused = The mail server does not take e-mails from this sender.
mail-problem-recipient = The mail server does not take e-mails for this address.
mail-problem-unanswered = The mail server gave no answer after it had the e-mail.
mail-test-subject = Comptoir: test e-mail
mail-test-text =
    E-mails of Comptoir arrive. It was asked for here:
    { $link }
digest-subject = { $count ->
    [one] { $company }: Amazon refused { $count } delivery
   *[other] { $company }: Amazon refused { $count } deliveries
}
digest-intro = Amazon refused what it was told of these deliveries. Correct each one, then press “Retry Amazon Sync” on its page.
digest-item = { $transfer } · Amazon order { $order } · { $carrier }
digest-why-other = Amazon gave a reason that Comptoir does not know. Its own words are on the page of the transfer.
digest-more = { $count ->
    [one] And { $count } more.
   *[other] And { $count } more.
}
digest-list = All that are refused now: { $link }
digest-why-you = You get this e-mail because you may tell Amazon of deliveries. You can switch it off in your preferences: { $link }
