list-tick-page = All on this page
list-search = Search
list-filters = Filters
list-apply = Apply
list-about = { $what }: { $text }
list-or = or
list-one = no. { $id }
list-chip = { $field }: { $values }
list-chip-not = { $field }: not { $values }
list-since = from { $day }
list-until = until { $day }
list-between = { $from } – { $to }
list-chip-search = Search: { $text }
list-unknown = Unknown filter “{ $name }”: it was left out.
list-unreadable = The filter “{ $name }” cannot hold “{ $value }”: it was left out.
list-shown = { $count ->
    [one] { $count } shown on this page
   *[other] { $count } shown on this page
}
list-sizes = Rows per page
list-page-total = Total of this page ({ $currency })
list-crumbs = Breadcrumb
list-days-any = Any time
list-days-from = From
list-days-to = To
list-days-today = Today
list-days-yesterday = Yesterday
list-days-last-7d = Last 7 days
list-days-this-month = This month
list-days-last-month = Last month
list-days-this-quarter = This quarter
list-days-this-year = This year
list-field-is = Only
list-field-team = Sales Team
list-field-account = Amazon account
list-field-marketplace = Marketplace
list-field-channel = Shipped by
list-field-state = State
list-field-amazon_status = Amazon status
list-field-amazon_sync = Amazon sync
list-field-delivery = Delivery Status
list-field-date = Date
list-field-ship_by = Ship by
list-field-customer = Customer
list-field-order = Order
list-field-carrier = Carrier
list-field-picking = Transfer
list-field-product = Product
list-field-location = Location
list-field-from = From
list-field-to = To
list-field-source = Source
list-field-kind = Kind
list-field-trigger = Trigger
list-field-severity = Severity
list-field-country = Country
list-field-outcome = Outcome
list-is-late = Late
list-is-mine = Mine
list-is-no_tracking = Without tracking
list-is-starred = To do first
list-is-partially_available = Partially available
list-is-backorder = Backorders
list-is-to_ship_today = To ship today
list-is-unmatched = SKU without product
list-is-conflict = Needs a decision
list-is-gift = Gift
list-is-business = Business
list-is-prime = Prime
list-is-outside = Shipped outside Comptoir
list-is-tax_to_decide = Tax to decide
list-is-tax_mismatch = Tax mismatch
list-is-held = Held
list-is-anonymous = Without a name
list-is-erased = Erased
list-count-orders = { $count ->
    [one] { $count } order
   *[other] { $count } orders
}
list-count-orders-many = { $count } orders
list-count-customers = { $count ->
    [one] { $count } customer
   *[other] { $count } customers
}
list-count-customers-many = { $count } customers
list-count-pickings = { $count ->
    [one] { $count } transfer
   *[other] { $count } transfers
}
list-count-pickings-many = { $count } transfers
list-count-moves = { $count ->
    [one] { $count } move
   *[other] { $count } moves
}
list-count-moves-many = { $count } moves
list-count-runs = { $count ->
    [one] { $count } run
   *[other] { $count } runs
}
list-count-runs-many = { $count } runs
list-count-feeds = { $count ->
    [one] { $count } feed
   *[other] { $count } feeds
}
list-count-feeds-many = { $count } feeds
list-count-issues = { $count ->
    [one] { $count } issue
   *[other] { $count } issues
}
list-count-issues-many = { $count } issues
list-count-accounts = { $count ->
    [one] { $count } account
   *[other] { $count } accounts
}
