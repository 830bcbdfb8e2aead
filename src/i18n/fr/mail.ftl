mail-title = E-mails sur les livraisons refusées
mail-means = Qui peut informer Amazon des livraisons reçoit un e-mail sur celles qu’Amazon a refusées, au plus une fois par heure. Chacun peut le désactiver dans ses préférences.
mail-off = Sans serveur de messagerie, seul le tableau de bord montre les livraisons qu’Amazon a refusées. Pour recevoir aussi des e-mails, la personne qui exploite Comptoir définit COMPTOIR_SMTP_URL et COMPTOIR_MAIL_FROM.
mail-server = Serveur de messagerie
mail-from = Expéditeur
mail-readers = Qui les reçoit
mail-readers-count = { $count ->
    [0] Personne
    [one] { $count } personne
   *[other] { $count } personnes
}
mail-last = Dernier e-mail
mail-none = Aucun pour l’instant
mail-test = M’envoyer un e-mail d’essai
mail-test-sent = Le serveur de messagerie a pris l’e-mail d’essai pour votre adresse.
mail-test-unsent = L’e-mail d’essai n’est pas parti. { $what }
mail-problem-again = { $when } : un e-mail n’est pas parti. { $what } Nouvel essai à partir du { $next }.
mail-problem-at = { $when } : on ne sait pas si un e-mail est parti. { $what } Il n’est pas renvoyé, pour que personne ne le reçoive deux fois.
mail-problem-answer = { $what } (Réponse { $code })
mail-problem-unreachable = Le serveur de messagerie est injoignable.
mail-problem-encryption = La connexion au serveur de messagerie ne peut pas être chiffrée.
mail-problem-sign-in = Le serveur de messagerie n’accepte pas le nom d’utilisateur et le mot de passe.
mail-problem-busy = Le serveur de messagerie demande de réessayer plus tard.
mail-problem-refused = Le serveur de messagerie n’accepte pas les e-mails de cet expéditeur.
mail-problem-recipient = Le serveur de messagerie n’accepte pas les e-mails pour cette adresse.
mail-problem-unanswered = Le serveur de messagerie n’a pas répondu après avoir reçu l’e-mail.
mail-test-subject = Comptoir : e-mail d’essai
mail-test-text =
    Les e-mails de Comptoir arrivent. Cet essai a été demandé ici :
    { $link }
digest-subject = { $count ->
    [one] { $company } : Amazon a refusé { $count } livraison
   *[other] { $company } : Amazon a refusé { $count } livraisons
}
digest-intro = Amazon a refusé ce qui lui a été transmis sur ces livraisons. Corrigez chacune, puis appuyez sur « Relancer la synchronisation Amazon » sur sa page.
digest-item = { $transfer } · commande Amazon { $order } · { $carrier }
digest-why-other = Amazon donne une raison que Comptoir ne connaît pas. Ses propres mots sont sur la page du transfert.
digest-more = { $count ->
    [one] Et { $count } autre.
   *[other] Et { $count } autres.
}
digest-list = Toutes celles qui sont refusées maintenant : { $link }
digest-why-you = Vous recevez cet e-mail parce que vous pouvez informer Amazon des livraisons. Vous pouvez le désactiver dans vos préférences : { $link }
