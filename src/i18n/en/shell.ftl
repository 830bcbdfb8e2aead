shell-brand = Comptoir
shell-title = { $page } · Comptoir
shell-title-in = { $page } · { $app } · Comptoir
shell-title-error = Error: { $title }
shell-skip-content = Skip to content
shell-skip-results = Skip to results
shell-apps = Apps
shell-menu = Menu
shell-sales = Sales
shell-orders = Orders
shell-customers = Customers
shell-inventory = Inventory
shell-transfers = Transfers
shell-moves = Moves History
shell-carriers = Carriers
shell-amazon = Amazon
shell-accounts = Accounts
shell-runs = Sync runs
shell-issues = Issues
shell-settings = Settings
shell-taxes = Taxes
shell-dashboard = Dashboard
shell-preferences = Preferences
shell-developer-on = Turn developer mode on
shell-developer-off = Turn developer mode off
shell-developer = Developer mode
shell-developer-is-on = Developer mode is on for this session.
shell-developer-is-off = Developer mode is off.
shell-developer-no-right = Developer mode was not changed: it needs the right “Force synchronization”. Ask an administrator of your company.
shell-log-in = Log in
shell-log-out = Log out
shell-show = Show
shell-show-field = Show: { $field }
shell-language = Language
shell-simulated = This installation uses a simulated Amazon: no order is real, and nothing is sent to Amazon.
shell-syncing = Synchronizing…
shell-synced = Synced { $when }
shell-not-synced = Not synced yet
shell-sync-failed = Last sync failed { $when }
shell-problem = There is a problem
shell-notice = Notice
shell-close = Close
shell-previous = Previous page
shell-next = Next page
shell-first = First page
shell-pages = Pages
shell-filters-active = Active filters
shell-filter-remove = Remove the filter { $name }
shell-filters-clear = Clear all
shell-results = { $count ->
    [one] { $count } result
   *[other] { $count } results
}
shell-no-match = Nothing matches these filters.
shell-sorted-up = sorted ascending
shell-sorted-down = sorted descending
shell-unsaved = What you typed on this page is not saved yet. Leave it all the same?
shell-no-answer = No answer from the server. Your entry is kept.
shell-ago = { $span } ago
shell-in = in { $span }
shell-just-now = just now
shell-minutes = { $count } min
shell-hours = { $count } h
shell-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
shell-marketplaces = Marketplaces
