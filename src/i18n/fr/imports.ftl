import-note-formula = { $field } contient une formule, ou commence comme une formule : écrivez sa valeur, ou une apostrophe devant
import-note-repeats-products = La même référence interne est à la ligne { $line } : gardez l’une des deux
import-note-repeats-offers = La ligne { $line } désigne la même offre : gardez l’une des deux
import-note-shape = La ligne a { $found } cellules au lieu de { $expected } : vérifiez ses séparateurs et ses guillemets
import-row-new = Ajout
import-row-changed = Modification
import-row-unchanged = Sans changement
import-row-refused = Refus
import-encoding-utf-8 = Lu comme CSV en UTF-8.
import-encoding-windows-1252 = Lu comme CSV en Windows-1252 : vérifiez les accents.
import-encoding-xlsx = Lu dans la première feuille d’un fichier XLSX.
import-sheet-empty = Le fichier est vide : choisissez-en un avec une ligne de titres et des lignes en dessous
import-sheet-no-rows = Le fichier n’a aucune ligne sous ses titres : ajoutez-en
import-sheet-too-large = Le fichier dépasse 20 Mo : divisez-le et importez les parties l’une après l’autre
import-sheet-too-many-rows = Le fichier a plus de 200 000 lignes : divisez-le
import-sheet-too-many-columns = Le fichier a plus de 100 colonnes : retirez celles qui ne s’importent pas
import-sheet-encoding = Les lettres du fichier sont illisibles : enregistrez-le en CSV UTF-8
import-sheet-utf16 = Le fichier est en UTF-16 : enregistrez-le en CSV UTF-8
import-sheet-unknown = Le fichier n’est ni CSV ni XLSX : enregistrez-le dans l’un de ces formats
import-sheet-damaged = Le fichier XLSX est endommagé ou protégé par un mot de passe : enregistrez-le de nouveau sans mot de passe
import-title-products = Importer des articles
import-title-offers = Importer des offres
import-file = Fichier
import-hint = CSV ou XLSX, 20 Mo au plus, avec les titres dans la première ligne. Le fichier est conservé { $hours } heures au plus, vous seul le voyez, et il est supprimé une fois importé.
import-upload = Envoyer
import-no-file = Choisissez un fichier
import-columns = Colonnes
import-columns-hint = Ces titres sont reconnus ; vous choisissez les autres à l’étape suivante. Un export de la liste les contient tous.
import-mine = Vos importations
import-state = État
import-rows = Lignes
import-when = Envoyé
import-state-uploaded = Colonnes à choisir
import-state-checking = Vérification en cours
import-state-checked = Vérifié
import-state-applying = Importation en cours
import-state-applied = Importé
import-state-failed = Non importé
import-says-uploaded = { $total ->
    [one] { $total } ligne. Rien n’est écrit avant que vous ayez vu le rapport.
   *[other] { $total } lignes. Rien n’est écrit avant que vous ayez vu le rapport.
}
import-says-checking = { $done } lignes comparées sur { $total }.
import-says-checked = Lignes comparées : { $total }, dont nouvelles : { $new }, modifiées : { $changed }. Rien n’est encore écrit.
import-says-applying = { $total } lignes en cours d’écriture, toutes ou aucune.
import-says-applied = Importé. Ajouts : { $new }, modifications : { $changed }.{ $lines ->
    [0] { "" }
    [one] { " " }{ $lines } ligne de commande a pris son article.
   *[other] { " " }{ $lines } lignes de commande ont pris leur article.
}
import-says-failed = Rien n’a été écrit.
import-problem-stale = Les données ont changé depuis le rapport : envoyez de nouveau le fichier et vérifiez-le.
import-problem-internal = L’importation n’a pas pu se faire. Rien n’a été écrit ; le journal dit pourquoi. Envoyez de nouveau le fichier.
import-choose = Que contient chaque colonne ?
import-head = Colonne du fichier
import-field = Champ
import-nameless = Colonne { $number }, sans nom
import-leave-out = Non importée
import-check = Vérifier les lignes
import-check-hint = Rien n’est écrit.
import-apply = Importer
import-all = Toutes les lignes ou aucune.
import-discard = Supprimer le fichier
import-discarded = Le fichier a été supprimé.
import-missing = Choisissez la colonne qui contient : { $field }
import-twice = Deux colonnes contiennent { $field } : choisissez-en une
import-report = Rapport
import-outcome = Résultat
import-every-row = Toutes
import-no-row = Aucune ligne.
import-line = Ligne
import-notes = Remarques
import-nothing = Le fichier ne change rien : tout est déjà ainsi.
import-refused-rows-why = { $count ->
    [one] { $count } ligne est refusée. Corrigez le fichier et envoyez-le de nouveau : il est importé en entier ou pas du tout.
   *[other] { $count } lignes sont refusées. Corrigez le fichier et envoyez-le de nouveau : il est importé en entier ou pas du tout.
}
import-refused-rows = Le fichier a des lignes refusées, ou ne change rien : il est importé en entier ou pas du tout.
import-account = Compte
import-account-hint = Le compte de ces offres, sauf si une colonne le nomme.
import-account-by-column = Nommé par une colonne
import-account-wrong = Choisissez le compte de ces offres, ou la colonne qui le nomme
import-about-products-components = Les composants d’un kit s’écrivent REF-A x 2 ; REF-B : des références internes, avec « x » et la quantité si elle n’est pas 1, séparées par des points-virgules. Une référence qui contient un point-virgule, ou finit comme une quantité, se met entre guillemets droits. Une cellule vide retire tous les composants. Les composants peuvent être des articles du même fichier.
import-about-offers = Une ligne dit quel article un SKU vend. Sans marketplace, elle vaut pour chaque marketplace que son compte suit ; les marketplaces s’écrivent par code de pays (FR, DE) ou par identifiant d’Amazon. Une référence interne vide crée des offres qui attendent un article, et n’en retire aucun. Les lignes de commande qui attendent ces SKU prennent leur article.
import-field-sku = SKU Amazon
import-field-reference = Référence interne de l’article
import-field-marketplace = Marketplace
import-field-account = Compte
import-note-sku = SKU Amazon : entre 1 et 40 caractères
import-note-unknown-reference = Aucun article actif n’a la référence interne « { $reference } » : corrigez-la, ou créez l’article
import-note-unknown-marketplace = « { $marketplace } » n’est pas une marketplace de la région du compte
import-note-no-marketplace = Le compte ne suit aucune marketplace : nommez-en une
import-note-unknown-account = Aucun compte en service ne s’appelle « { $account } »
import-note-accounts-alike = Plusieurs comptes s’appellent « { $account } » : laissez la cellule vide et choisissez le compte du fichier
import-note-no-account = La ligne ne nomme aucun compte : nommez-le, ou choisissez celui du fichier
import-note-offer-changed = { $marketplace } : { $old } → { $new }
import-note-kit-none = Seul un kit a des composants : mettez son type à kit, ou videz la cellule
import-note-kit-itself = « { $component } » est le kit lui-même : un kit ne peut pas se contenir
import-note-kit-unreadable = Composants illisibles à « { $part } » : écrivez-les comme REF-A x 2 ; REF-B
import-note-kit-quotes = Composants : un guillemet n’est pas fermé. Fermez-le, ou écrivez REF-A x 2 ; REF-B
