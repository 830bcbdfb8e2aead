transfers-tracking = Tracking reference
transfers-demand = Demand
transfers-reserved = Reserved
transfers-done-quantity = Done
transfers-done-of = Done: { $product }
transfers-in-kit = inside a kit
transfers-partly-available = Partially Available
transfers-validate = Validate
transfers-ship-all = Ship all
transfers-save = Save
transfers-saved = Saved. Nothing has left yet.
transfers-check-availability = Check Availability
transfers-unreserve = Unreserve
transfers-unreserved = Unreserved. The goods are free for other transfers.
transfers-is-ready = Everything is reserved: the transfer is ready.
transfers-still-waits = Not everything is there. The transfer waits for the rest.
transfers-star = ☆ Do first
transfers-unstar = ★ No longer first
transfers-contact = Contact
transfers-assigned = Assigned to
transfers-nobody = Nobody
transfers-assign-me = Assign to me
transfers-assign-other = Assign to
transfers-assign = Assign
transfers-cancel = Cancel the transfer
transfers-cancel-title = Cancel { $reference }?
transfers-cancel-means = The goods will not leave with this transfer. What is reserved for it becomes free.
transfers-cancel-not = Amazon is not told: for Amazon the order stays to be shipped, until you cancel it in Seller Central.
transfers-cancelled = { $reference } cancelled.
transfers-back = Go back
transfers-backorder = Backorder
transfers-backorder-of = Backorder of
transfers-return-of = Return of
transfers-returns = Returns
transfers-no-lines = Nothing is left in this transfer.
transfers-timeline = History
transfers-timeline-none = Nothing was done with this transfer yet.
transfers-sent = Name sent to Amazon: { $sent }
transfers-carrier-missing = Choose a carrier
transfers-carrier-long = Carrier must be { $most } characters or fewer
transfers-tracking-missing = Enter the tracking reference
transfers-tracking-long = Tracking reference must be { $most } characters or fewer
transfers-quantity-wrong = Quantity done must be a whole number between 0 and { $most }
transfers-nothing-done = Nothing is done yet. Enter how many units are in the parcel, or press Ship all.
transfers-short = { $product }: { $wanted } to ship, but { $there } there for this transfer ({ $onhand } in the warehouse in all). Ship fewer, free reserved goods, or correct the quantity in the warehouse on the product’s page.
transfers-carrier-near = Amazon does not know “{ $name }”. Did you mean { $near }?
transfers-carrier-unknown = Amazon does not know “{ $name }”. It is told as “Other”, with this name.
transfers-tracking-format = “{ $tracking }” does not look like a tracking reference of { $carrier }. Compare it with the label.
transfers-tracking-repeated = { $other } has the tracking reference { $tracking } already. Check that this is not the label of another parcel.
transfers-held-requested = The buyer asked Amazon to cancel this order.
transfers-held-cancelled = Amazon says that this order is cancelled.
transfers-held-decision = Amazon and Comptoir disagree about this order: a person must decide.
transfers-held-next = Cancel the transfer, or validate it all the same: you are asked once more.
transfers-held-title = Ship { $reference } all the same?
transfers-held-means = If it leaves, Amazon is told that it was shipped. The buyer may send it back at your cost.
transfers-held-ship = Ship it all the same
transfers-address-changed = The delivery address changed on { $day } at { $time }, after the papers were printed. Print them again before the parcel leaves.
transfers-rest-title = Create a backorder for the rest?
transfers-rest-lead = { $done } of { $all } shipped.
transfers-rest-now = Shipped now
transfers-rest-left = Left
transfers-rest-told = Amazon is told only of what ships now.
transfers-rest-backorder = Create Backorder
transfers-rest-backorder-means = A new transfer holds the rest. Amazon is told of it when it leaves.
transfers-rest-cancelled = No Backorder
transfers-rest-cancelled-means = Or the rest is cancelled here. Amazon still shows it as unshipped, until you cancel it in Seller Central.
transfers-done = { $reference } done.
transfers-done-told = { $reference } done. Amazon is told at { $at }.
transfers-done-backorder = { $reference } done. The rest is in { $backorder }.
transfers-closed-meanwhile = Somebody was faster: this transfer is { $state } now. Nothing of yours was saved.
transfers-closed-difference = { $field }: stored is “{ $theirs }”, you typed “{ $mine }”
transfers-event-transfer-validated = Validated
transfers-event-slip-printed = Delivery slip printed
transfers-event-transfer-label-changed = Label changed
transfers-event-transfer-cancelled = Cancelled
transfers-event-transfer-assigned = Assigned
transfers-event-transfer-availability-checked = Availability checked
transfers-event-transfer-unreserved = Unreserved
transfers-in-warehouse = Quantity in the warehouse
transfers-count-hint = Count and enter what is there. The difference is a stock move.
transfers-count = Save the count
transfers-counted = The count is saved.
transfers-count-wrong = Quantity in the warehouse must be a whole number between 0 and 10,000,000
transfers-count-uncounted = The stock of this product is not counted
transfers-pick-list = Pick list (PDF)
transfers-items = Items
transfers-slips = Delivery slips (PDF)
transfers-search = Search transfers
transfers-search-hint = Reference, order, tracking, product or barcode
transfers-cell = Tracking reference of { $reference }
transfers-cell-save = Save the tracking reference of { $reference }
transfers-cell-is-saved = Saved.
transfers-cell-saved = { $reference }: tracking reference saved.
transfers-more = More actions
transfers-ticked = Ticked transfers:
transfers-none-ticked = Tick the transfers first.
transfers-batch-ship = Ship all and validate
transfers-batch-carrier = Set carrier
transfers-batch-checked = { $count ->
    [0] Nothing changed: these transfers are closed or are returns.
    [one] Availability of one transfer checked.
   *[other] Availability of { $count } transfers checked.
  }
transfers-batch-unreserved = { $count ->
    [0] Nothing changed: these transfers are closed or are returns.
    [one] One transfer unreserved.
   *[other] { $count } transfers unreserved.
  }
transfers-batch-assigned = { $count ->
    [0] Nothing changed: these transfers are done or cancelled already.
    [one] One transfer assigned to you.
   *[other] { $count } transfers assigned to you.
  }
transfers-batch-changed = { $count ->
    [0] Nothing changed: these transfers are done or cancelled already.
    [one] One transfer changed.
   *[other] { $count } transfers changed.
  }
transfers-batch-shipped = { $count ->
    [one] One transfer done.
   *[other] { $count } transfers done.
  }
transfers-batch-stay = Not shipped:
transfers-batch-more = and { $count } more
transfers-stays-closed = it is done or cancelled already
transfers-stays-held = it is held; open it to see what Amazon says
