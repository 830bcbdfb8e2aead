orders-title = Orders
orders-search = Search orders
orders-search-hint = Number, Amazon reference, customer, SKU
orders-none = No order yet. FBM orders arrive when Amazon marks them Unshipped, FBA orders when Shipped.
orders-number = Number
orders-reference = Amazon reference
orders-date = Order Date
orders-customer = Customer
orders-marketplace = Marketplace
orders-team = Sales Team
orders-account = Amazon account
orders-ship-by = Ship by
orders-deliver-by = Deliver by
orders-amazon-status = Amazon status
orders-total = Total
orders-progress = Amazon · Delivery
orders-state = State
orders-late = Late
orders-flag-decision = Needs a decision
orders-flag-cancellation = Cancellation requested
orders-flag-outside = Shipped outside Comptoir
orders-flag-gift = Gift
orders-flag-prime = Prime
orders-flag-business = Business
order-state-sale = Sales Order
order-state-locked = Locked
order-state-cancelled = Cancelled
channel-fba = Fulfilled by Amazon (FBA)
channel-fbm = Fulfilled by Merchant (FBM)
amazon-status-pending-availability = Pre-order
amazon-status-pending = Payment pending
amazon-status-unshipped = Unshipped
amazon-status-partially-shipped = Partly shipped
amazon-status-shipped = Shipped
amazon-status-cancelled = Canceled
amazon-status-unfulfillable = Unfulfillable
delivery-none = Not Delivered
delivery-partial = Partially Delivered
delivery-full = Fully Delivered
orders-seller-central = Open in Seller Central
orders-needs-decision = Amazon and Comptoir disagree about this order, and only a person can decide. The timeline below says what Amazon told and what Comptoir holds.
orders-stat-transfers = { $count ->
    [one] Transfer
   *[other] Transfers
}
orders-stat-moves = { $count ->
    [one] Stock Move
   *[other] Stock Moves
}
orders-stat-issues = { $count ->
    [one] Open issue
   *[other] Open issues
}
orders-stat-orders = { $count ->
    [one] Order
   *[other] Orders
}
orders-lines = Order Lines
orders-no-lines = Amazon sent no items.
orders-line-product = Product
orders-line-quantity = Quantity
orders-line-delivered = Delivered
orders-line-tax = Tax
orders-tax-included = Of which tax
orders-default-product = Default product
orders-gift-message = Gift message
orders-difference = Amazon total { $amazon }; difference { $difference }
line-item = Item
line-shipping = Shipping charges
line-gift-wrap = Gift wrapping charges
line-note = Note
line-other = Other charges
line-adjustment = Difference from Amazon's total
orders-timeline = Timeline
orders-no-decision = The synchronization has not decided anything about this order yet.
orders-side = Customer and dates
orders-address = Delivery Address
orders-no-address = Amazon told no address.
orders-facts = Details
orders-amazon-changed = Last changed by Amazon
orders-replaces = Replaces
orders-why = Why?
orders-why-missing = Why is an order missing?
orders-why-reference = Why is { $reference } not here?
orders-why-title = Why?
orders-why-of = Why? { $number }
orders-why-intro = Type an Amazon reference to see what the synchronization read and which rule it applied, even when the order is not in Comptoir.
orders-reference-wrong = Amazon order reference must look like 402-1234567-1234567
orders-why-held = This order is in Comptoir:
orders-why-not-held = { $reference } is not in Comptoir.
orders-why-never = No synchronization has read this reference. Check the reference, the account's marketplaces and the Last Order Sync date.
orders-why-seen = What was seen last
orders-why-read = Read
orders-why-outcome = Outcome
orders-why-next = It will be looked at again on { $when } at { $time }.
orders-why-rules = Rules
orders-why-applied = (this rule applied)
orders-why-not-applied = (did not apply)
