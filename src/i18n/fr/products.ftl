products-title = Articles
products-search = Rechercher des articles
products-search-hint = Référence, nom, code-barres
products-none = Aucun article pour l’instant. Créez-en un, ou importez un fichier.
products-new = Nouveau
products-new-title = Nouvel article
products-import = Importer
products-export = Exporter cette liste :
products-csv = CSV
products-json = JSON
products-ticked = Articles cochés :
products-select = Sélectionner { $reference }
products-archive = Archiver
products-unarchive = Remettre en service
products-none-selected = Cochez d’abord des articles.
products-archived = { $count ->
    [one] { $count } article archivé.
   *[other] { $count } articles archivés.
}
products-unarchived = { $count ->
    [one] { $count } article est de nouveau en service.
   *[other] { $count } articles sont de nouveau en service.
}
products-defaults-kept = Les articles par défaut restent en service : { $references }.
products-default = Article par défaut
products-default-why = Cet article remplace ce qui ne correspond à aucun de vos articles. Il ne se modifie qu’en mode développeur et ne s’archive jamais.
products-is-archived = Archivé
products-field-reference = Référence interne
products-field-name = Nom
products-field-barcode = Code-barres
products-field-type = Type
products-field-sales-price = Prix de vente
products-field-cost = Coût
products-field-tax-class = Classe de taxe
products-field-active = En service
products-field-components = Composants
products-type-goods = Bien suivi en stock
products-type-untracked = Bien non suivi
products-type-service = Service
products-type-kit = Kit
products-on-hand = En stock
products-free = Libre
products-offers-of = Offres de { $reference } : { $count }
products-at-amazon = Chez Amazon
products-kits-possible = { $count ->
    [one] { $count } kit possible
   *[other] { $count } kits possibles
}
products-general = Général
products-in-currency = { $field } ({ $currency })
products-reference-hint = Votre propre code. S’il est aussi le SKU sur Amazon, les commandes retrouvent l’article grâce à lui.
products-tax-class-hint = Les taux de chaque classe sont dans Paramètres ▸ Taxes.
products-create = Créer l’article
products-save = Enregistrer
products-created = L’article a été créé.
products-saved = L’article a été enregistré.
products-added = Ajouté
products-reference-taken = Un autre article a cette référence interne : choisissez-en une autre, ou ouvrez cet article
products-open-other = Ouvrir l’article qui a cette référence
products-type-components = Le type ne peut pas changer tant que le kit a des composants : retirez-les d’abord
products-type-moves = L’article ne peut pas devenir un kit : il a des mouvements de stock. Créez un nouvel article pour le kit
products-components = Composants
products-components-hint = La référence interne et la quantité qui entre dans un kit. Videz une référence pour la retirer.
products-component = Composant, référence interne
products-component-quantity = Quantité de { $reference }
products-component-new = Nouveau composant, référence interne
products-component-new-quantity = Quantité du nouveau composant
products-components-save = Enregistrer les composants
products-kit-none = Cet article n’est pas un kit : changez d’abord son type.
products-kit-unknown = Aucun article n’a la référence interne « { $reference } » : vérifiez-la, ou créez l’article
products-kit-cycle = « { $reference } » est ou contient ce kit : un kit ne peut pas se contenir lui-même
products-kit-twice = « { $reference } » y est deux fois : écrivez-le une fois avec la quantité totale
products-kit-quantity = La quantité de « { $reference } » doit être un nombre entier entre 1 et { $most }
products-stock = Stock
products-in-kits = Composant de
products-history = Historique
products-event-product-created = Créé
products-event-product-changed = Modifié
products-event-product-counted = Compté dans l’entrepôt
products-event-product-archived = Archivé
products-event-product-unarchived = Remis en service
products-event-kit-components-changed = Composants modifiés
products-wrong-missing = { $field } : à saisir
products-wrong-too-long = { $field } : { $most } caractères au plus
products-wrong-unreadable = { $code ->
    [barcode] { $field } : lettres simples, chiffres et signes, sans espace ni accent
    [type] { $field } : goods, untracked, service ou kit
    [sales_price] { $field } : un nombre comme 19,90
    [cost] { $field } : un nombre comme 19,90
    [tax_class] { $field } doit être standard, reduced, second_reduced, super_reduced ou zero
    [active] { $field } : oui ou non
   *[other] { $field } : ni retour à la ligne ni caractère invisible
}
products-wrong-too-precise = { $field } : plus de décimales que { $currency } n’en a ; écrivez 1234,50 sans signe entre les milliers
products-wrong-negative = { $field } ne peut pas être négatif
products-wrong-too-large = { $field } est trop grand : vérifiez le nombre
products-note-found = { $sentence } (trouvé : { $found })
products-note-changed = { $field } : { $old } → { $new }
products-note-default = Un article par défaut n’est pas modifié par une importation : retirez la ligne
products-note-kit = Un article devient un kit, ou cesse de l’être, uniquement sur sa propre page
list-field-type = Type
list-is-no_barcode = Sans code-barres
list-is-no_offer = Sans offre
list-is-archived = Archivé
list-count-products = { $count ->
    [one] { $count } article
   *[other] { $count } articles
}
list-count-products-many = { $count } articles
