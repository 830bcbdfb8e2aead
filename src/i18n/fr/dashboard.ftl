dashboard-title = Tableau de bord
dashboard-attention = Ce qui demande votre attention
dashboard-all-clear = Tout est à jour.
dashboard-last = Dernière synchronisation { $when } : { $created } nouvelles commandes.
dashboard-late = En retard d’expédition
dashboard-late-text = { $count ->
    [one] { $count } commande a dépassé la date d’expédition attendue par Amazon.
   *[other] { $count } commandes ont dépassé la date d’expédition attendue par Amazon.
}
dashboard-today = À expédier aujourd’hui
dashboard-today-text = { $count ->
    [one] { $count } commande doit partir avant la fin de la journée.
   *[other] { $count } commandes doivent partir avant la fin de la journée.
}
dashboard-conflict = Décision requise
dashboard-conflict-text = { $count ->
    [one] Amazon et Comptoir ne sont pas d’accord sur { $count } commande.
   *[other] Amazon et Comptoir ne sont pas d’accord sur { $count } commandes.
}
dashboard-issues = { $count ->
    [one] { $count } anomalie ouverte.
   *[other] { $count } anomalies ouvertes.
}
dashboard-lost = Amazon n’accepte plus l’autorisation : rien n’est lu.
dashboard-behind = Dernière lecture { $when }, plus de deux intervalles.
dashboard-runs = Dernières exécutions
dashboard-renew = L’autorisation chez Amazon prend fin le { $day } : liez de nouveau le compte avant cette date.
dashboard-renew-over = L’autorisation chez Amazon a pris fin le { $day } : liez de nouveau le compte.
dashboard-secret = Le secret client de l’application expire le { $day } : créez-en un nouveau dans la console de développeur et saisissez-le.
dashboard-secret-over = Le secret client de l’application a expiré le { $day } : créez-en un nouveau dans la console de développeur et saisissez-le.
