transfers-tracking = Référence de suivi
transfers-demand = Demande
transfers-reserved = Réservé
transfers-done-quantity = Fait
transfers-done-of = Fait : { $product }
transfers-in-kit = dans un kit
transfers-partly-available = Partiellement disponible
transfers-validate = Valider
transfers-ship-all = Tout expédier
transfers-save = Enregistrer
transfers-saved = Enregistré. Rien n’est encore parti.
transfers-check-availability = Vérifier la disponibilité
transfers-unreserve = Annuler la réservation
transfers-unreserved = Réservation annulée. Les articles sont libres pour d’autres transferts.
transfers-is-ready = Tout est réservé : le transfert est prêt.
transfers-still-waits = Tout n’est pas là. Le transfert attend le reste.
transfers-star = ☆ En premier
transfers-unstar = ★ Plus en premier
transfers-contact = Contact
transfers-assigned = Attribué à
transfers-nobody = Personne
transfers-assign-me = M’attribuer
transfers-assign-other = Attribuer à
transfers-assign = Attribuer
transfers-cancel = Annuler le transfert
transfers-cancel-title = Annuler { $reference } ?
transfers-cancel-means = Les articles ne partiront pas avec ce transfert. Ce qui lui est réservé redevient libre.
transfers-cancel-not = Amazon n’est pas prévenu : pour Amazon la commande reste à expédier, jusqu’à son annulation dans Seller Central.
transfers-cancelled = { $reference } annulé.
transfers-back = Revenir
transfers-backorder = Reliquat
transfers-backorder-of = Reliquat de
transfers-return-of = Retour de
transfers-returns = Retours
transfers-no-lines = Il ne reste rien dans ce transfert.
transfers-timeline = Historique
transfers-timeline-none = Rien n’a encore été fait avec ce transfert.
transfers-sent = Nom transmis à Amazon : { $sent }
transfers-carrier-missing = Choisissez un transporteur
transfers-carrier-long = Le transporteur doit compter { $most } caractères au plus
transfers-tracking-missing = Saisissez la référence de suivi
transfers-tracking-long = La référence de suivi doit compter { $most } caractères au plus
transfers-quantity-wrong = La quantité faite doit être un nombre entier entre 0 et { $most }
transfers-nothing-done = Rien n’est encore fait. Saisissez combien d’unités sont dans le colis, ou appuyez sur Tout expédier.
transfers-short = { $product } : { $wanted } à expédier, mais { $there } pour ce transfert ({ $onhand } dans l’entrepôt en tout). Expédiez moins, libérez des articles réservés, ou corrigez la quantité dans l’entrepôt sur la page de l’article.
transfers-carrier-near = Amazon ne connaît pas « { $name } ». Vouliez-vous dire { $near } ?
transfers-carrier-unknown = Amazon ne connaît pas « { $name } ». Il est transmis comme « Other », avec ce nom.
transfers-tracking-format = « { $tracking } » ne ressemble pas à une référence de suivi de { $carrier }. Comparez avec l’étiquette.
transfers-tracking-repeated = { $other } a déjà la référence de suivi { $tracking }. Vérifiez que ce n’est pas l’étiquette d’un autre colis.
transfers-held-requested = L’acheteur a demandé à Amazon d’annuler cette commande.
transfers-held-cancelled = Amazon dit que cette commande est annulée.
transfers-held-decision = Amazon et Comptoir ne sont pas d’accord sur cette commande : une personne doit décider.
transfers-held-next = Annulez le transfert, ou validez-le quand même : une confirmation vous sera demandée.
transfers-held-title = Expédier { $reference } quand même ?
transfers-held-means = S’il part, Amazon est informé de l’expédition. L’acheteur peut renvoyer le colis à vos frais.
transfers-held-ship = Expédier quand même
transfers-address-changed = L’adresse de livraison a changé le { $day } à { $time }, après l’impression des documents. Imprimez-les de nouveau avant le départ du colis.
transfers-rest-title = Créer un reliquat pour le reste ?
transfers-rest-lead = { $done ->
    [one] { $done } sur { $all } expédié.
   *[other] { $done } sur { $all } expédiés.
  }
transfers-rest-now = Expédié maintenant
transfers-rest-left = Reste
transfers-rest-told = Amazon n’est informé que de ce qui part maintenant.
transfers-rest-backorder = Créer un reliquat
transfers-rest-backorder-means = Un nouveau transfert contient le reste. Amazon en est informé à son départ.
transfers-rest-cancelled = Pas de reliquat
transfers-rest-cancelled-means = Ou le reste est annulé ici. Amazon l’affiche encore comme non expédié, jusqu’à son annulation dans Seller Central.
transfers-done = { $reference } terminé.
transfers-done-told = { $reference } terminé. Amazon est informé à { $at }.
transfers-done-backorder = { $reference } terminé. Le reste est dans { $backorder }.
transfers-closed-meanwhile = Quelqu’un a été plus rapide : ce transfert est maintenant { $state }. Rien de votre saisie n’a été enregistré.
transfers-closed-difference = { $field } : enregistré « { $theirs } », saisi « { $mine } »
transfers-event-transfer-validated = Validé
transfers-event-slip-printed = Bon de livraison imprimé
transfers-event-transfer-label-changed = Étiquette modifiée
transfers-event-transfer-cancelled = Annulé
transfers-event-transfer-assigned = Attribué
transfers-event-transfer-availability-checked = Disponibilité vérifiée
transfers-event-transfer-unreserved = Réservation annulée
transfers-in-warehouse = Quantité dans l’entrepôt
transfers-count-hint = Comptez et saisissez ce qui est là. La différence est un mouvement de stock.
transfers-count = Enregistrer le comptage
transfers-counted = Le comptage est enregistré.
transfers-count-wrong = La quantité dans l’entrepôt doit être un nombre entier entre 0 et 10 000 000
transfers-count-uncounted = Le stock de cet article n’est pas compté
transfers-pick-list = Liste de prélèvement (PDF)
transfers-items = Unités
transfers-slips = Bons de livraison (PDF)
transfers-search = Rechercher des transferts
transfers-search-hint = Référence, commande, suivi, article ou code-barres
transfers-cell = Référence de suivi de { $reference }
transfers-cell-save = Enregistrer la référence de suivi de { $reference }
transfers-cell-is-saved = Enregistrée.
transfers-cell-saved = { $reference } : référence de suivi enregistrée.
transfers-more = Plus d’actions
transfers-ticked = Transferts cochés :
transfers-none-ticked = Cochez d’abord les transferts.
transfers-batch-ship = Tout expédier et valider
transfers-batch-carrier = Définir le transporteur
transfers-batch-checked = { $count ->
    [0] Rien n’a changé : ces transferts sont clos ou sont des retours.
    [one] Disponibilité d’un transfert vérifiée.
   *[other] Disponibilité de { $count } transferts vérifiée.
  }
transfers-batch-unreserved = { $count ->
    [0] Rien n’a changé : ces transferts sont clos ou sont des retours.
    [one] Réservation d’un transfert annulée.
   *[other] Réservations de { $count } transferts annulées.
  }
transfers-batch-assigned = { $count ->
    [0] Rien n’a changé : ces transferts sont déjà terminés ou annulés.
    [one] Un transfert vous est attribué.
   *[other] { $count } transferts vous sont attribués.
  }
transfers-batch-changed = { $count ->
    [0] Rien n’a changé : ces transferts sont déjà terminés ou annulés.
    [one] Un transfert modifié.
   *[other] { $count } transferts modifiés.
  }
transfers-batch-shipped = { $count ->
    [one] Un transfert terminé.
   *[other] { $count } transferts terminés.
  }
transfers-batch-stay = Non expédiés :
transfers-batch-more = { $count ->
    [one] et { $count } autre
   *[other] et { $count } autres
  }
transfers-stays-closed = il est déjà terminé ou annulé
transfers-stays-held = il est bloqué ; ouvrez-le pour voir ce que dit Amazon
