orders-title = Commandes
orders-search = Rechercher des commandes
orders-search-hint = Numéro, référence Amazon, client, SKU
orders-none = Aucune commande pour l’instant. Les commandes FBM arrivent lorsqu’Amazon les indique « non expédiées », les commandes FBA lorsqu’elles sont « expédiées ».
orders-number = Numéro
orders-reference = Référence Amazon
orders-date = Date de la commande
orders-customer = Client
orders-marketplace = Marketplace
orders-team = Équipe commerciale
orders-account = Compte Amazon
orders-ship-by = À expédier avant le
orders-deliver-by = À livrer avant le
orders-amazon-status = Statut Amazon
orders-total = Total
orders-progress = Amazon · Livraison
orders-state = État
orders-late = En retard
orders-flag-decision = Décision requise
orders-flag-cancellation = Annulation demandée
orders-flag-outside = Expédié hors de Comptoir
orders-flag-gift = Cadeau
orders-flag-prime = Prime
orders-flag-business = Professionnel
order-state-sale = Commande client
order-state-locked = Verrouillé
order-state-cancelled = Annulé
channel-fba = Expédié par Amazon (FBA)
channel-fbm = Expédié par le vendeur (FBM)
amazon-status-pending-availability = Précommande
amazon-status-pending = Paiement en attente
amazon-status-unshipped = Non expédiée
amazon-status-partially-shipped = Partiellement expédiée
amazon-status-shipped = Expédiée
amazon-status-cancelled = Annulée
amazon-status-unfulfillable = Non réalisable
delivery-none = Non livré
delivery-partial = Partiellement livré
delivery-full = Entièrement livré
orders-seller-central = Ouvrir dans Seller Central
orders-needs-decision = Amazon et Comptoir ne sont pas d’accord sur cette commande, et seule une personne peut trancher. L’historique ci-dessous indique ce qu’Amazon a dit et ce que Comptoir détient.
orders-stat-transfers = { $count ->
    [one] Transfert
   *[other] Transferts
}
orders-stat-moves = { $count ->
    [one] Mouvement de stock
   *[other] Mouvements de stock
}
orders-stat-issues = { $count ->
    [one] Anomalie ouverte
   *[other] Anomalies ouvertes
}
orders-stat-orders = { $count ->
    [one] Commande
   *[other] Commandes
}
orders-lines = Lignes de commande
orders-no-lines = Amazon n’a envoyé aucun article.
orders-line-product = Article
orders-line-quantity = Quantité
orders-line-delivered = Livré
orders-line-tax = Taxe
orders-tax-included = Dont taxes
orders-default-product = Article par défaut
orders-gift-message = Message cadeau
orders-difference = Total Amazon { $amazon } ; différence { $difference }
line-item = Article
line-shipping = Frais d’expédition
line-gift-wrap = Frais d’emballage cadeau
line-note = Note
line-other = Autres frais
line-adjustment = Différence avec le total d’Amazon
orders-timeline = Historique
orders-no-decision = La synchronisation n’a encore rien décidé pour cette commande.
orders-side = Client et dates
orders-address = Adresse de livraison
orders-no-address = Amazon n’a pas communiqué d’adresse.
orders-facts = Détails
orders-amazon-changed = Dernière modification par Amazon
orders-replaces = Remplace
orders-why = Pourquoi ?
orders-why-missing = Pourquoi une commande manque-t-elle ?
orders-why-reference = Pourquoi { $reference } n’est-elle pas ici ?
orders-why-title = Pourquoi ?
orders-why-of = Pourquoi ? { $number }
orders-why-intro = Saisissez une référence Amazon pour voir ce que la synchronisation a lu et la règle qu’elle a appliquée, même si la commande n’est pas dans Comptoir.
orders-reference-wrong = La référence de commande Amazon doit ressembler à 402-1234567-1234567
orders-why-held = Cette commande est dans Comptoir :
orders-why-not-held = { $reference } n’est pas dans Comptoir.
orders-why-never = Aucune synchronisation n’a lu cette référence. Vérifiez la référence, les marketplaces du compte et la date de synchronisation de la dernière commande.
orders-why-seen = Ce qui a été vu en dernier
orders-why-read = Lue
orders-why-outcome = Résultat
orders-why-next = Elle sera relue le { $when } à { $time }.
orders-why-rules = Règles
orders-why-applied = (cette règle s’est appliquée)
orders-why-not-applied = (ne s’est pas appliquée)
