list-tick-page = Tous sur cette page
list-search = Rechercher
list-filters = Filtres
list-apply = Appliquer
list-about = { $what } : { $text }
list-or = ou
list-one = n° { $id }
list-chip = { $field } : { $values }
list-chip-not = { $field } : sauf { $values }
list-since = à partir du { $day }
list-until = jusqu’au { $day }
list-between = du { $from } au { $to }
list-chip-search = Recherche : { $text }
list-unknown = Filtre inconnu « { $name } » : il a été ignoré.
list-unreadable = Le filtre « { $name } » ne peut pas contenir « { $value } » : il a été ignoré.
list-shown = { $count ->
    [one] { $count } affiché sur cette page
   *[other] { $count } affichés sur cette page
}
list-sizes = Lignes par page
list-page-total = Total de cette page ({ $currency })
list-crumbs = Fil d’Ariane
list-days-any = N’importe quand
list-days-from = Du
list-days-to = Au
list-days-today = Aujourd’hui
list-days-yesterday = Hier
list-days-last-7d = 7 derniers jours
list-days-this-month = Ce mois-ci
list-days-last-month = Le mois dernier
list-days-this-quarter = Ce trimestre
list-days-this-year = Cette année
list-field-is = Seulement
list-field-team = Équipe commerciale
list-field-account = Compte Amazon
list-field-marketplace = Marketplace
list-field-channel = Expédié par
list-field-state = État
list-field-amazon_status = Statut Amazon
list-field-amazon_sync = Synchro Amazon
list-field-delivery = Statut de livraison
list-field-date = Date
list-field-ship_by = À expédier avant le
list-field-customer = Client
list-field-carrier = Transporteur
list-field-order = Commande
list-field-picking = Transfert
list-field-product = Article
list-field-location = Emplacement
list-field-from = De
list-field-to = Vers
list-field-source = Origine
list-field-kind = Type
list-field-trigger = Déclencheur
list-field-severity = Gravité
list-field-country = Pays
list-field-outcome = Résultat
list-is-mine = À moi
list-is-no_tracking = Sans suivi
list-is-starred = À faire en premier
list-is-partially_available = Partiellement disponibles
list-is-backorder = Reliquats
list-is-late = En retard
list-is-to_ship_today = À expédier aujourd’hui
list-is-unmatched = SKU sans article
list-is-conflict = Décision requise
list-is-gift = Cadeau
list-is-business = Professionnel
list-is-prime = Prime
list-is-outside = Expédié hors de Comptoir
list-is-tax_to_decide = Taxe à décider
list-is-tax_mismatch = Écart de taxe
list-is-held = Bloqué
list-is-anonymous = Sans nom
list-is-erased = Effacé
list-count-orders = { $count ->
    [one] { $count } commande
   *[other] { $count } commandes
}
list-count-orders-many = { $count } commandes
list-count-customers = { $count ->
    [one] { $count } client
   *[other] { $count } clients
}
list-count-customers-many = { $count } clients
list-count-pickings = { $count ->
    [one] { $count } transfert
   *[other] { $count } transferts
}
list-count-pickings-many = { $count } transferts
list-count-moves = { $count ->
    [one] { $count } mouvement
   *[other] { $count } mouvements
}
list-count-moves-many = { $count } mouvements
list-count-runs = { $count ->
    [one] { $count } exécution
   *[other] { $count } exécutions
}
list-count-runs-many = { $count } exécutions
list-count-feeds = { $count ->
    [one] { $count } flux
   *[other] { $count } flux
}
list-count-feeds-many = { $count } flux
list-count-issues = { $count ->
    [one] { $count } anomalie
   *[other] { $count } anomalies
}
list-count-issues-many = { $count } anomalies
list-count-accounts = { $count ->
    [one] { $count } compte
   *[other] { $count } comptes
}
