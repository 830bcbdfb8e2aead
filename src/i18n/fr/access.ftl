access-role-administrator = Administrateur
access-role-sales_user = Vendeur
access-role-sales_manager = Responsable des ventes
access-role-warehouse_user = Magasinier
access-role-warehouse_manager = Responsable d’entrepôt
access-role-accountant = Comptable
access-role-auditor = Auditeur
