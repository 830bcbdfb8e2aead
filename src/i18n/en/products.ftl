products-title = Products
products-search = Search products
products-search-hint = Reference, name, barcode
products-none = No product yet. Create one, or import a file.
products-new = New
products-new-title = New product
products-import = Import
products-export = Export this list:
products-csv = CSV
products-json = JSON
products-ticked = Ticked products:
products-select = Select { $reference }
products-archive = Archive
products-unarchive = Take back into use
products-none-selected = Tick the products first.
products-archived = { $count ->
    [one] { $count } product archived.
   *[other] { $count } products archived.
}
products-unarchived = { $count ->
    [one] { $count } product is in use again.
   *[other] { $count } products are in use again.
}
products-defaults-kept = Default products stay in use: { $references }.
products-default = Default product
products-default-why = This product stands for what matches no product of yours. It can be changed in developer mode only, and is never archived.
products-is-archived = Archived
products-field-reference = Internal reference
products-field-name = Name
products-field-barcode = Barcode
products-field-type = Type
products-field-sales-price = Sales price
products-field-cost = Cost
products-field-tax-class = Tax class
products-field-active = In use
products-field-components = Components
products-type-goods = Goods, tracked
products-type-untracked = Goods, not tracked
products-type-service = Service
products-type-kit = Kit
products-on-hand = On hand
products-free = Free to use
products-offers-of = { $count } offers of { $reference }
products-at-amazon = At Amazon
products-kits-possible = { $count ->
    [one] { $count } kit possible
   *[other] { $count } kits possible
}
products-general = General
products-in-currency = { $field } ({ $currency })
products-reference-hint = Your own code. When it is also the SKU on Amazon, orders find the product by it.
products-tax-class-hint = The rates of each class stand in Settings ▸ Taxes.
products-create = Create the product
products-save = Save
products-created = The product was created.
products-saved = The product was saved.
products-added = Added
products-reference-taken = Another product has this internal reference: choose another one, or open that product
products-open-other = Open the product with this reference
products-type-components = Type cannot change while the kit has components: take them out first
products-type-moves = Type cannot become kit: the product has stock moves. Create a new product for the kit
products-components = Components
products-components-hint = The internal reference and the quantity that goes into one kit. Empty a reference to take it out.
products-component = Component, internal reference
products-component-quantity = Quantity of { $reference }
products-component-new = New component, internal reference
products-component-new-quantity = Quantity of the new component
products-components-save = Save the components
products-kit-none = This product is no kit: change its type first.
products-kit-unknown = No product has the internal reference “{ $reference }”: check it, or create the product
products-kit-cycle = “{ $reference }” is or holds this kit: a kit cannot hold itself
products-kit-twice = “{ $reference }” is there twice: write it once with the whole quantity
products-kit-quantity = Quantity of “{ $reference }” must be a whole number between 1 and { $most }
products-stock = Stock
products-in-kits = Component of
products-history = History
products-event-product-created = Created
products-event-product-changed = Changed
products-event-product-counted = Counted in the warehouse
products-event-product-archived = Archived
products-event-product-unarchived = Taken back into use
products-event-kit-components-changed = Components changed
products-wrong-missing = { $field } is missing: enter it
products-wrong-too-long = { $field } must be { $most } characters or fewer
products-wrong-unreadable = { $code ->
    [barcode] { $field } must hold plain letters, digits and signs, without spaces or accents
    [type] { $field } must be goods, untracked, service or kit
    [sales_price] { $field } must be a number such as 19.90
    [cost] { $field } must be a number such as 19.90
    [tax_class] { $field } must be standard, reduced, second_reduced, super_reduced or zero
    [active] { $field } must be yes or no
   *[other] { $field } must not hold line breaks or invisible characters
}
products-wrong-too-precise = { $field } has more decimals than { $currency } has: write 1234.50 without a sign between thousands
products-wrong-negative = { $field } must not be below zero
products-wrong-too-large = { $field } is too large: check the number
products-note-found = { $sentence } (found: { $found })
products-note-changed = { $field }: { $old } → { $new }
products-note-default = A default product is not changed by an import: take the row out
products-note-kit = A product becomes a kit, or stops being one, on its own page only
list-field-type = Type
list-is-no_barcode = Without barcode
list-is-no_offer = Without offer
list-is-archived = Archived
list-count-products = { $count ->
    [one] { $count } product
   *[other] { $count } products
}
list-count-products-many = { $count } products
