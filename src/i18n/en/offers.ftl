offers-title = Offers
offers-none = Offers appear when the first order of a SKU arrives, or when you create one.
offers-search = Search offers
offers-search-hint = Beginning of the SKU; case, spaces and dashes do not matter
offers-sku = Amazon SKU
offers-product = Product
offers-marketplace = Marketplace
offers-account = Account
offers-asin = ASIN
offers-state = State
offers-added = Added
offers-matched-by = Found by
offer-state-matched = Matched
offer-state-default-product = Default product
offer-state-conflict = Conflict
offer-matched-by-nobody = Nobody yet
offer-matched-by-reference = Internal reference
offer-matched-by-person = A person
offer-matched-by-import = An imported file
offers-no-product = No product
offers-archived = archived
list-count-offers = { $count ->
    [one] { $count } offer
   *[other] { $count } offers
}
list-count-offers-many = { $count } offers
offers-open = Open the offer
offers-find = Product by reference or name
offers-found = Found
offers-found-none = No active product has this in its reference or its name.
offers-suggested = Suggested
offers-suggested-none = No product resembles this SKU. Search one by its reference or its name.
offers-evidence-same-reference = Its internal reference is this SKU.
offers-evidence-alike-reference = Its internal reference is this SKU but for case, spaces or dashes.
offers-evidence-same-asin = SKU { $sku } on { $marketplace } has the same ASIN ({ $asin }) and this product.
offers-evidence-similar-title = Its name and Amazon’s title share { $percent } % of their words.
offers-match-issue = Choose the product of this SKU
offers-match-issue-what = { $waiting ->
    [0] No order line waits for it: the next orders take the product.
    [one] { $waiting } order line waits for it and takes the product, and so do the next orders.
   *[other] { $waiting } order lines wait for it and take the product, and so do the next orders.
}
offers-done-corrected = Transfers that are not done follow. What has left already keeps its stock move: it is moved back, and the product that really left is moved instead, dated now.
offers-new-product = Create a product from this SKU
offers-create-product = Create the product and use it
offers-reference = Internal reference
offers-name = Name
offers-reference-wrong = Internal reference must have between 1 and 200 characters
offers-name-wrong = Name must have between 1 and 200 characters
offers-reference-taken = Another product has this internal reference already: search it above, or type another one
offers-product-unusable = This product cannot stand behind an offer: it is archived, a default product, or gone. Choose another one.
offers-mended = { $lines ->
    [0] The product is set.
    [one] The product is set, and { $lines } order line took it.
   *[other] The product is set, and { $lines } order lines took it.
}{ $corrected ->
    [0] { "" }
    [one] { " " }The stock of { $corrected } line that had left was corrected.
   *[other] { " " }The stock of { $corrected } lines that had left was corrected.
}
offers-new = New offer
offers-create = Create the offer
offers-created = Offer created.
offers-back = Back to the offers
offers-bulk = Match by internal reference
offers-import = Import
offers-export-csv = Export as CSV
offers-export-json = Export as JSON
offers-reference-of-product = Internal reference of the product
offers-reference-hint = Empty: the offer waits for a product.
offers-account-wrong = Choose an account
offers-marketplace-wrong = Choose a marketplace
offers-marketplace-elsewhere = Marketplace must be in the region of the account
offers-sku-wrong = Amazon SKU must have between 1 and 40 characters
offers-reference-unknown = No active product has this internal reference: correct it, or leave it empty
offers-exists = This SKU has an offer on this marketplace already
offers-stale = Somebody changed this offer while you looked at it. Nothing of yours was saved: look at the product it has now, and choose again.
offers-orders-90 = order lines in 90 days
offers-lines = Order lines
offers-waiting = Order lines without product
offers-change = Choose another product
offers-apply = Also apply it to past order lines not invoiced yet (of { $lines } order lines)
offers-apply-hint = Without this, only the next orders take the product. Lines of cancelled orders stay as they are.
offers-keep = Keep the product
offers-history = History
offers-history-none = Nobody has changed this offer.
offer-event-offer-created = Offer created by hand.
offer-event-offer-matched = Product chosen:
offer-event-offer-lines-mended = Order lines that took the product:
offer-event-offer-imported = Product set by an imported file:
offer-event-offer-matched-in-bulk = Product found by its internal reference:
offers-product-now = Product now
offers-product-then = Product by reference
offers-why = Why
offers-ambiguous = Several products have a reference alike: open the offer and choose.
offers-moved = It was matched by reference, and another product has this reference now: open the offer and choose.
offers-bulk-what = Offers without a product are compared with the internal references of active products. What a person or a file chose is never touched.
offers-count-same = To match: same reference
offers-count-alike = Alike but for case, spaces or dashes
offers-count-conflicts = In conflict
offers-count-held = Have their product
offers-count-unknown = No product like them
offers-takes-alike = { $count ->
    [one] Also match the { $count } offer that is only alike
   *[other] Also match the { $count } offers that are only alike
}
offers-bulk-lines = Order lines that wait for these SKUs take the products, and their issues are settled.
offers-bulk-apply = Match these offers
offers-bulk-stale = Offers or products changed meanwhile. Nothing was matched: look at the new result and apply it.
offers-bulk-done = { $offers ->
    [one] { $offers } offer matched
   *[other] { $offers } offers matched
}{ $lines ->
    [0] .
    [one] , and { $lines } order line took its product.
   *[other] , and { $lines } order lines took their product.
}
offers-would-match = What would be matched
offers-would-match-none = No offer would be matched.
offers-conflicts = Conflicts, which stay as they are
offers-named = { $count ->
    [one] The first one
   *[other] The first { $count }
}
