offers-title = Offres
offers-none = Les offres apparaissent à la première commande d’un SKU, ou quand vous en créez une.
offers-search = Rechercher des offres
offers-search-hint = Début du SKU ; la casse, les espaces et les tirets ne comptent pas
offers-sku = SKU Amazon
offers-product = Article
offers-marketplace = Marketplace
offers-account = Compte
offers-asin = ASIN
offers-state = État
offers-added = Ajoutée
offers-matched-by = Trouvé par
offer-state-matched = Associée
offer-state-default-product = Article par défaut
offer-state-conflict = Conflit
offer-matched-by-nobody = Personne encore
offer-matched-by-reference = Référence interne
offer-matched-by-person = Une personne
offer-matched-by-import = Un fichier importé
offers-no-product = Aucun article
offers-archived = archivé
list-count-offers = { $count ->
    [one] { $count } offre
   *[other] { $count } offres
}
list-count-offers-many = { $count } offres
offers-open = Ouvrir l’offre
offers-find = Article par référence ou nom
offers-found = Trouvés
offers-found-none = Aucun article actif n’a cela dans sa référence ou son nom.
offers-suggested = Suggestions
offers-suggested-none = Aucun article ne ressemble à ce SKU. Cherchez-en un par sa référence ou son nom.
offers-evidence-same-reference = Sa référence interne est ce SKU.
offers-evidence-alike-reference = Sa référence interne est ce SKU, à la casse, aux espaces ou aux tirets près.
offers-evidence-same-asin = Le SKU { $sku } sur { $marketplace } a le même ASIN ({ $asin }) et cet article.
offers-evidence-similar-title = Son nom et le titre d’Amazon ont { $percent } % de mots communs.
offers-match-issue = Choisir l’article de ce SKU
offers-match-issue-what = { $waiting ->
    [0] Aucune ligne de commande ne l’attend : les prochaines commandes prendront l’article.
    [one] { $waiting } ligne de commande l’attend et prendra l’article, comme les prochaines commandes.
   *[other] { $waiting } lignes de commande l’attendent et prendront l’article, comme les prochaines commandes.
}
offers-done-corrected = Les transferts non terminés suivent. Ce qui est déjà parti garde son mouvement de stock : il est repris en sens inverse, et l’article réellement parti est sorti à sa place, à la date de maintenant.
offers-new-product = Créer un article à partir de ce SKU
offers-create-product = Créer l’article et l’utiliser
offers-reference = Référence interne
offers-name = Nom
offers-reference-wrong = La référence interne doit avoir entre 1 et 200 caractères
offers-name-wrong = Le nom doit avoir entre 1 et 200 caractères
offers-reference-taken = Un autre article a déjà cette référence interne : cherchez-le ci-dessus, ou saisissez-en une autre
offers-product-unusable = Cet article ne peut pas être celui d’une offre : il est archivé, article par défaut, ou n’existe plus. Choisissez-en un autre.
offers-mended = { $lines ->
    [0] L’article est choisi.
    [one] L’article est choisi, et { $lines } ligne de commande l’a pris.
   *[other] L’article est choisi, et { $lines } lignes de commande l’ont pris.
}{ $corrected ->
    [0] { "" }
    [one] { " " }Le stock de { $corrected } ligne déjà partie a été corrigé.
   *[other] { " " }Le stock de { $corrected } lignes déjà parties a été corrigé.
}
offers-new = Nouvelle offre
offers-create = Créer l’offre
offers-created = Offre créée.
offers-back = Retour aux offres
offers-bulk = Associer par référence interne
offers-import = Importer
offers-export-csv = Exporter en CSV
offers-export-json = Exporter en JSON
offers-reference-of-product = Référence interne de l’article
offers-reference-hint = Vide : l’offre attend un article.
offers-account-wrong = Choisissez un compte
offers-marketplace-wrong = Choisissez une marketplace
offers-marketplace-elsewhere = La marketplace doit être dans la région du compte
offers-sku-wrong = Le SKU Amazon doit avoir entre 1 et 40 caractères
offers-reference-unknown = Aucun article actif n’a cette référence interne : corrigez-la, ou laissez-la vide
offers-exists = Ce SKU a déjà une offre sur cette marketplace
offers-stale = Quelqu’un a modifié cette offre pendant que vous la regardiez. Rien de votre part n’a été enregistré : regardez l’article qu’elle a maintenant, puis choisissez de nouveau.
offers-orders-90 = lignes de commande en 90 jours
offers-lines = Lignes de commande
offers-waiting = Lignes de commande sans article
offers-change = Choisir un autre article
offers-apply = L’appliquer aussi aux lignes de commande passées non facturées (sur { $lines } lignes)
offers-apply-hint = Sans cela, seules les prochaines commandes prennent l’article. Les lignes des commandes annulées restent telles quelles.
offers-keep = Garder l’article
offers-history = Historique
offers-history-none = Personne n’a modifié cette offre.
offer-event-offer-created = Offre créée à la main.
offer-event-offer-matched = Article choisi :
offer-event-offer-lines-mended = Lignes de commande qui ont pris l’article :
offer-event-offer-imported = Article défini par un fichier importé :
offer-event-offer-matched-in-bulk = Article trouvé par sa référence interne :
offers-product-now = Article actuel
offers-product-then = Article par référence
offers-why = Pourquoi
offers-ambiguous = Plusieurs articles ont une référence semblable : ouvrez l’offre et choisissez.
offers-moved = Elle a été associée par référence, et un autre article a cette référence maintenant : ouvrez l’offre et choisissez.
offers-bulk-what = Les offres sans article sont comparées aux références internes des articles actifs. Ce qu’une personne ou un fichier a choisi n’est jamais touché.
offers-count-same = À associer : même référence
offers-count-alike = Semblables à la casse, aux espaces ou aux tirets près
offers-count-conflicts = En conflit
offers-count-held = Ont leur article
offers-count-unknown = Aucun article semblable
offers-takes-alike = { $count ->
    [one] Associer aussi l’offre seulement semblable ({ $count })
   *[other] Associer aussi les { $count } offres seulement semblables
}
offers-bulk-lines = Les lignes de commande qui attendent ces SKU prennent les articles, et leurs anomalies sont réglées.
offers-bulk-apply = Associer ces offres
offers-bulk-stale = Des offres ou des articles ont changé entre-temps. Rien n’a été associé : regardez le nouveau résultat et appliquez-le.
offers-bulk-done = { $offers ->
    [one] { $offers } offre associée
   *[other] { $offers } offres associées
}{ $lines ->
    [0] .
    [one] , et { $lines } ligne de commande a pris son article.
   *[other] , et { $lines } lignes de commande ont pris leur article.
}
offers-would-match = Ce qui serait associé
offers-would-match-none = Aucune offre ne serait associée.
offers-conflicts = Conflits, qui restent tels quels
offers-named = { $count ->
    [one] La première
   *[other] Les { $count } premières
}
