me-display = Affichage
me-theme = Thème
me-theme-system = Comme sur cet appareil
me-theme-light = Clair
me-theme-dark = Sombre
me-shortcuts = Raccourcis clavier à une seule touche
me-shortcuts-hint = / recherche, G puis une lettre ouvre une application, J et K parcourent les lignes. Désactivez-les si vous dictez à votre ordinateur ou appuyez sur des touches par accident.
me-digest = E-mails sur les livraisons refusées
me-digest-hint = Au plus un par heure, et seulement quand Amazon refuse quelque chose.
me-save = Enregistrer
me-saved = Préférences enregistrées.
me-account = Compte
me-role = Rôle
me-password = Mot de passe
me-current = Mot de passe actuel
me-current-wrong = Le mot de passe actuel n’est pas correct
me-new = Nouveau mot de passe
me-change-password = Changer le mot de passe
me-password-changed = Mot de passe changé. Vos autres sessions ont été fermées.
me-sessions = Mes sessions
me-this-one = Celle-ci
me-since = depuis le
me-seen = dernière utilisation
me-end-others = Fermer les autres
me-others-ended = { $count ->
    [one] { $count } session fermée.
   *[other] { $count } sessions fermées.
}
me-developer-hint = Affiche les boutons pour changer la date de synchronisation de la dernière commande, lancer une synchronisation et récupérer une commande. Il ne vaut que pour cette session, et vos actions sont enregistrées.
