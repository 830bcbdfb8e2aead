rule-R1 = Marketplace non synchronisée ici : ignorer.
rule-R2 = Rien n’a changé depuis la dernière synchronisation : rien n’est écrit.
rule-R3 = FBA, pas encore expédiée : attendre.
rule-R4 = Paiement en attente : attendre.
rule-R5 = FBM, nouvelle : créer commande, client et transfert.
rule-R6 = FBA, expédiée, nouvelle : créer commande, client et mouvements.
rule-R7 = Modifiée : mettre à jour ce qui n’est pas terminé.
rule-R8 = Annulée, rien d’expédié : annuler la nôtre.
rule-R9 = Annulée après expédition, ou de nouveau active : une personne décide.
rule-R10 = Annulée et jamais importée : ignorer.
rule-R11 = SKU sans article : article par défaut et une anomalie.
rule-R12 = Amazon a demandé de ralentir : plus tard, la date ne change pas.
rule-R13 = Un autre enregistrement synchronise cette marketplace : ignorer.
rule-R14 = Illisible : nouvel essai, puis une anomalie.
reason-amazon-says = Amazon indique : { $status }.
reason-unknown-status = Amazon a envoyé le statut « { $status } », que Comptoir ne connaît pas.
reason-unfulfillable = Amazon indique que cette commande ne peut pas être honorée.
reason-no-items = Amazon n’a envoyé aucun article pour cette commande.
reason-elsewhere = Le compte « { $account } » synchronise cette marketplace.
reason-marketplace-off = { $marketplace } n’est pas synchronisée par ce compte.
reason-older-than-held = Ce qu’Amazon a envoyé est plus ancien que ce que Comptoir détient.
reason-nothing-changed = Rien d’important n’a changé.
reason-cancelled-never-held = Annulée sur Amazon avant d’arriver ici.
reason-cancelled-already = Déjà annulée ici.
reason-cancelled-decided = Annulée par Amazon après expédition ; quelqu’un a déjà décidé.
reason-cancelled-after-shipping = { $units ->
    [one] Annulée sur Amazon après l’expédition de { $units } unité.
   *[other] Annulée sur Amazon après l’expédition de { $units } unités.
}
reason-cancelled-before-shipping = Annulée sur Amazon avant toute expédition.
reason-fba-shipped = { $units ->
    [one] Amazon a expédié { $units } unité.
   *[other] Amazon a expédié { $units } unités.
}
reason-fba-not-shipped = FBA, { $status } : elle arrivera ici lorsqu’Amazon l’aura expédiée.
reason-fbm-shipped-outside = { $units ->
    [one] { $units } unité déjà expédiée hors de Comptoir.
   *[other] { $units } unités déjà expédiées hors de Comptoir.
}
reason-fbm-to-ship = FBM, à expédier par nos soins.
reason-alive-again = Annulée ici, mais Amazon indique maintenant : { $status }.
reason-units-shipped = { $units ->
    [one] { $units } unité de l’article { $item } expédiée.
   *[other] { $units } unités de l’article { $item } expédiées.
}
reason-quantity-changed = La quantité de l’article { $item } est maintenant de { $quantity }.
reason-cancellation-requested = L’acheteur a demandé l’annulation.
reason-sku-without-product = Aucun article n’a le SKU « { $sku } » : l’article par défaut est utilisé.
reason-total-differs = Le total d’Amazon est { $amazon }, la somme des lignes est { $lines }.
reason-unreadable = La commande n’a pas pu être lue : { $detail }
reason-not-written = La commande n’a pas pu être enregistrée : { $detail }
reason-not-found = Amazon ne connaît pas cette commande sur ce compte.
reason-amazon-refused = Amazon a refusé la demande (statut { $status }, code { $code }, requête { $request }).
reason-account-not-linked = Le compte n’est pas lié à Amazon.
reason-no-marketplace = Le compte ne suit aucune marketplace.
reason-taken-over = Un autre nœud a repris l’exécution.
reason-internal = Une erreur interne s’est produite ; le journal en donne la cause.
reason-authorization-lost = Amazon n’accepte plus l’autorisation du compte.
reason-client-refused = Amazon n’accepte pas l’identifiant client ou le secret client.
reason-access-refused = Amazon a refusé l’accès (statut { $status }, code { $code }, requête { $request }).
reason-amazon-unreadable = La réponse d’Amazon n’a pas pu être lue.
reason-amazon-unreachable = Amazon n’a pas répondu.
