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
products-type-goods = Bien suivi en stock
products-type-untracked = Bien non suivi
products-type-service = Service
products-type-kit = Kit
products-yes = oui
products-no = non
products-on-hand = En stock
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
products-note-formula = { $field } contient une formule, ou commence comme une formule : écrivez sa valeur, ou une apostrophe devant
products-note-repeats = La même référence interne est à la ligne { $line } : gardez l’une des deux
products-note-shape = La ligne a { $found } cellules au lieu de { $expected } : vérifiez ses séparateurs et ses guillemets
products-note-default = Un article par défaut n’est pas modifié par une importation : retirez la ligne
products-note-kit = Un article devient un kit, ou cesse de l’être, uniquement sur sa propre page
products-row-new = Nouveau
products-row-changed = Modifié
products-row-unchanged = Inchangé
products-row-refused = Refusé
products-encoding-utf-8 = Lu comme CSV en UTF-8.
products-encoding-windows-1252 = Lu comme CSV en Windows-1252 : vérifiez les accents.
products-encoding-xlsx = Lu dans la première feuille d’un fichier XLSX.
products-sheet-empty = Le fichier est vide : choisissez-en un avec une ligne de titres et des lignes en dessous
products-sheet-no-rows = Le fichier n’a aucune ligne sous ses titres : ajoutez-y les articles
products-sheet-too-large = Le fichier dépasse 20 Mo : divisez-le et importez les parties l’une après l’autre
products-sheet-too-many-rows = Le fichier a plus de 200 000 lignes : divisez-le
products-sheet-too-many-columns = Le fichier a plus de 100 colonnes : retirez celles qui ne sont pas des champs d’articles
products-sheet-encoding = Les lettres du fichier sont illisibles : enregistrez-le en CSV UTF-8
products-sheet-utf16 = Le fichier est en UTF-16 : enregistrez-le en CSV UTF-8
products-sheet-unknown = Le fichier n’est ni CSV ni XLSX : enregistrez-le dans l’un de ces formats
products-sheet-damaged = Le fichier XLSX est endommagé ou protégé par un mot de passe : enregistrez-le de nouveau sans mot de passe
products-import-title = Importer des articles
products-import-file = Fichier
products-import-hint = CSV ou XLSX, 20 Mo au plus, avec les titres dans la première ligne. Le fichier est conservé { $hours } heures au plus, vous seul le voyez, et il est supprimé une fois importé.
products-import-upload = Envoyer
products-import-no-file = Choisissez un fichier
products-import-columns = Colonnes
products-import-columns-hint = Ces titres sont reconnus ; vous choisissez les autres à l’étape suivante. Un export de la liste les contient tous.
products-import-mine = Vos importations
products-import-state = État
products-import-rows = Lignes
products-import-when = Envoyé
products-import-state-uploaded = Colonnes à choisir
products-import-state-checking = Vérification en cours
products-import-state-checked = Vérifié
products-import-state-applying = Importation en cours
products-import-state-applied = Importé
products-import-state-failed = Non importé
products-import-says-uploaded = { $total ->
    [one] { $total } ligne. Rien n’est écrit avant que vous ayez vu le rapport.
   *[other] { $total } lignes. Rien n’est écrit avant que vous ayez vu le rapport.
}
products-import-says-checking = { $done } lignes comparées sur { $total }.
products-import-says-checked = Lignes comparées : { $total }, dont nouvelles : { $new }, modifiées : { $changed }. Rien n’est encore écrit.
products-import-says-applying = { $total } lignes en cours d’écriture, toutes ou aucune.
products-import-says-applied = Importé. Nouveaux : { $new }, modifiés : { $changed }.
products-import-says-failed = Rien n’a été écrit.
products-import-problem-stale = Des articles ont changé depuis le rapport : envoyez de nouveau le fichier et vérifiez-le.
products-import-problem-internal = L’importation n’a pas pu se faire. Rien n’a été écrit ; le journal dit pourquoi. Envoyez de nouveau le fichier.
products-import-choose = Que contient chaque colonne ?
products-import-head = Colonne du fichier
products-import-field = Champ
products-import-nameless = Colonne { $number }, sans nom
products-import-leave-out = Non importée
products-import-check = Vérifier les lignes
products-import-check-hint = Rien n’est écrit.
products-import-apply = Importer
products-import-all = Toutes les lignes ou aucune.
products-import-discard = Supprimer le fichier
products-import-discarded = Le fichier a été supprimé.
products-import-no-reference = Choisissez la colonne qui contient la référence interne
products-import-twice = Deux colonnes contiennent { $field } : choisissez-en une
products-import-report = Rapport
products-import-outcome = Résultat
products-import-every-row = Toutes
products-import-no-row = Aucune ligne.
products-import-line = Ligne
products-import-notes = Remarques
products-import-nothing = Le fichier ne change rien : tous les articles sont déjà ainsi.
products-import-refused-rows-why = { $count ->
    [one] { $count } ligne est refusée. Corrigez le fichier et envoyez-le de nouveau : il est importé en entier ou pas du tout.
   *[other] { $count } lignes sont refusées. Corrigez le fichier et envoyez-le de nouveau : il est importé en entier ou pas du tout.
}
product-import-refused-rows = Le fichier a des lignes refusées, ou ne change rien : il est importé en entier ou pas du tout.
list-field-type = Type
list-is-no_barcode = Sans code-barres
list-is-archived = Archivé
list-count-products = { $count ->
    [one] { $count } article
   *[other] { $count } articles
}
list-count-products-many = { $count } articles
