rule-R1 = Marketplace not synchronized here: skip.
rule-R2 = Nothing changed since the last sync: nothing is written.
rule-R3 = FBA, not shipped yet: wait.
rule-R4 = Payment pending: wait.
rule-R5 = FBM, new: create order, customer and transfer.
rule-R6 = FBA, shipped, new: create order, customer and moves.
rule-R7 = Changed: update what is not finished.
rule-R8 = Cancelled, nothing shipped: cancel ours.
rule-R9 = Cancelled after shipping, or alive again: a person decides.
rule-R10 = Cancelled and never imported: skip.
rule-R11 = SKU without product: default product and an issue.
rule-R12 = Amazon asked to slow down: later, the date is not moved.
rule-R13 = Another registration synchronizes this marketplace: skip.
rule-R14 = Not readable: retried, then an issue.
reason-amazon-says = Amazon says: { $status }.
reason-unknown-status = Amazon sent the status “{ $status }”, which Comptoir does not know.
reason-unfulfillable = Amazon says that this order cannot be fulfilled.
reason-no-items = Amazon sent no items for this order.
reason-elsewhere = The account “{ $account }” synchronizes this marketplace.
reason-marketplace-off = { $marketplace } is not synchronized by this account.
reason-older-than-held = What Amazon sent is older than what Comptoir holds.
reason-nothing-changed = Nothing that matters has changed.
reason-cancelled-never-held = Cancelled on Amazon before it ever came here.
reason-cancelled-already = Cancelled here already.
reason-cancelled-decided = Cancelled by Amazon after shipping; somebody decided about it already.
reason-cancelled-after-shipping = { $units ->
    [one] Cancelled on Amazon after { $units } unit was shipped.
   *[other] Cancelled on Amazon after { $units } units were shipped.
}
reason-cancelled-before-shipping = Cancelled on Amazon before anything was shipped.
reason-fba-shipped = { $units ->
    [one] Amazon shipped { $units } unit.
   *[other] Amazon shipped { $units } units.
}
reason-fba-not-shipped = FBA, { $status }: it comes here once Amazon has shipped it.
reason-fbm-shipped-outside = { $units ->
    [one] { $units } unit was already shipped outside Comptoir.
   *[other] { $units } units were already shipped outside Comptoir.
}
reason-fbm-to-ship = FBM, to be shipped by us.
reason-alive-again = Cancelled here, but Amazon now says: { $status }.
reason-units-shipped = { $units ->
    [one] { $units } unit of item { $item } was shipped.
   *[other] { $units } units of item { $item } were shipped.
}
reason-quantity-changed = The quantity of item { $item } is now { $quantity }.
reason-cancellation-requested = The buyer asked to cancel.
reason-sku-without-product = No product has the SKU “{ $sku }”: the default product is used.
reason-total-differs = Amazon's total is { $amazon }, the lines add up to { $lines }.
reason-unreadable = The order could not be read: { $detail }
reason-not-written = The order could not be stored: { $detail }
reason-not-found = Amazon knows no such order on this account.
reason-amazon-refused = Amazon refused the request (status { $status }, code { $code }, request { $request }).
reason-account-not-linked = The account is not linked with Amazon.
reason-no-marketplace = The account follows no marketplace.
reason-taken-over = Another node took the run over.
reason-internal = Something of ours failed; the log has the cause.
reason-authorization-lost = Amazon no longer accepts the authorization of the account.
reason-client-refused = Amazon does not accept the client ID or the client secret.
reason-access-refused = Amazon refused the access (status { $status }, code { $code }, request { $request }).
reason-amazon-unreadable = Amazon's answer could not be read.
reason-amazon-unreachable = Amazon did not answer.
