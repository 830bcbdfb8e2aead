shell-brand = Comptoir
shell-title = { $page } · Comptoir
shell-title-in = { $page } · { $app } · Comptoir
shell-title-error = Erreur : { $title }
shell-skip-content = Aller au contenu
shell-skip-results = Aller aux résultats
shell-apps = Applications
shell-menu = Menu
shell-sales = Ventes
shell-orders = Commandes
shell-customers = Clients
shell-inventory = Inventaire
shell-transfers = Transferts
shell-moves = Historique des mouvements
shell-carriers = Transporteurs
shell-amazon = Amazon
shell-accounts = Comptes
shell-runs = Synchronisations
shell-issues = Anomalies
shell-settings = Paramètres
shell-taxes = Taxes
shell-dashboard = Tableau de bord
shell-preferences = Préférences
shell-developer-on = Activer le mode développeur
shell-developer-off = Quitter le mode développeur
shell-developer = Mode développeur
shell-developer-is-on = Le mode développeur est activé pour cette session.
shell-developer-is-off = Le mode développeur est désactivé.
shell-developer-no-right = Le mode développeur n’a pas changé : il exige le droit « Forcer la synchronisation ». Adressez-vous à un administrateur de votre entreprise.
shell-log-in = Se connecter
shell-log-out = Se déconnecter
shell-show = Afficher
shell-show-field = Afficher : { $field }
shell-language = Langue
shell-simulated = Cette installation utilise un Amazon simulé : aucune commande n’est réelle et rien n’est envoyé à Amazon.
shell-syncing = Synchronisation en cours…
shell-synced = Synchronisé { $when }
shell-not-synced = Pas encore synchronisé
shell-sync-failed = Échec de la synchronisation { $when }
shell-problem = Un problème empêche de continuer
shell-notice = Information
shell-close = Fermer
shell-previous = Page précédente
shell-next = Page suivante
shell-first = Première page
shell-pages = Pages
shell-filters-active = Filtres actifs
shell-filter-remove = Retirer le filtre { $name }
shell-filters-clear = Tout effacer
shell-results = { $count ->
    [one] { $count } résultat
   *[other] { $count } résultats
}
shell-no-match = Aucun enregistrement ne correspond à ces filtres.
shell-sorted-up = tri croissant
shell-sorted-down = tri décroissant
shell-unsaved = Votre saisie sur cette page n’est pas encore enregistrée. Quitter la page quand même ?
shell-no-answer = Le serveur ne répond pas. Votre saisie est conservée.
shell-ago = il y a { $span }
shell-in = dans { $span }
shell-just-now = à l’instant
shell-minutes = { $count } min
shell-hours = { $count } h
shell-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}
shell-marketplaces = Marketplaces
