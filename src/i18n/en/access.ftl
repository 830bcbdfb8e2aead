access-role-administrator = Administrator
access-role-sales_user = Sales user
access-role-sales_manager = Sales manager
access-role-warehouse_user = Warehouse user
access-role-warehouse_manager = Warehouse manager
access-role-accountant = Accountant
access-role-auditor = Auditor
