labels-enter = Saisir les suivis…
labels-title = Saisir les références de suivi
labels-not-yet = Rien n’est encore enregistré. Regardez les références, puis enregistrez.
labels-carrier-of = Transporteur de { $reference }
labels-save = Enregistrer les références
labels-paste = Coller ou importer
labels-text = Un transfert par ligne
labels-hint = Deux colonnes (référence et suivi) ou trois (référence, transporteur, suivi), séparées par des tabulations, des points-virgules ou des virgules. La référence est celle du transfert, le numéro de la commande ou celui d’Amazon.
labels-check = Vérifier
labels-file = Fichier CSV ou XLSX
labels-check-file = Vérifier le fichier
labels-file-large = Le fichier dépasse 1 Mo : divisez-le
labels-file-wrong = Le fichier ne peut pas être lu. Choisissez un fichier CSV ou XLSX avec les en-têtes reference, carrier et tracking et au moins une ligne.
labels-text-empty = Collez au moins une ligne
labels-refused = { $count ->
    [one] Une ligne ne peut pas être prise. Corrigez-la et vérifiez de nouveau, ou enregistrez les autres.
   *[other] { $count } lignes ne peuvent pas être prises. Corrigez-les et vérifiez de nouveau, ou enregistrez les autres.
  }
labels-row = Ligne { $line } : { $why }
labels-row-columns = il faut deux ou trois colonnes
labels-row-incomplete = la référence ou la référence de suivi manque
labels-row-unknown = aucun transfert ni aucune commande ne s’appelle { $reference }
labels-row-closed = { $reference } est déjà fait ou annulé
labels-row-several = { $reference } a plusieurs transferts ouverts ; utilisez leurs propres références
labels-row-twice = une ligne précédente concerne le transfert de { $reference }
labels-row-too-many = { $most } lignes au plus sont prises à la fois
labels-changed = quelqu’un a changé ce transfert entre-temps ; son étiquette est maintenant « { $label } ». Enregistrez de nouveau pour garder la vôtre
labels-saved = { $count ->
    [0] Rien n’a changé.
    [one] Une référence de suivi enregistrée.
   *[other] { $count } références de suivi enregistrées.
  }
