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
products-type-goods = Goods, tracked
products-type-untracked = Goods, not tracked
products-type-service = Service
products-type-kit = Kit
products-yes = yes
products-no = no
products-on-hand = On hand
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
products-note-formula = { $field } holds a formula, or begins like one: write its value, or an apostrophe before it
products-note-repeats = The same internal reference stands on line { $line }: keep one of them
products-note-shape = The row has { $found } cells instead of { $expected }: check its separators and quotes
products-note-default = A default product is not changed by an import: take the row out
products-note-kit = A product becomes a kit, or stops being one, on its own page only
products-row-new = New
products-row-changed = Changed
products-row-unchanged = Unchanged
products-row-refused = Refused
products-encoding-utf-8 = Read as CSV in UTF-8.
products-encoding-windows-1252 = Read as CSV in Windows-1252: look whether accents are right.
products-encoding-xlsx = Read from the first sheet of an XLSX file.
products-sheet-empty = The file is empty: choose one with a row of heads and rows below it
products-sheet-no-rows = The file has no row below its heads: add the products to it
products-sheet-too-large = The file is larger than 20 MB: split it, and import the parts one after the other
products-sheet-too-many-rows = The file has more than 200,000 rows: split it
products-sheet-too-many-columns = The file has more than 100 columns: remove those that are not products’ fields
products-sheet-encoding = The letters of the file cannot be read: save it as CSV UTF-8
products-sheet-utf16 = The file is UTF-16: save it as CSV UTF-8
products-sheet-unknown = The file is neither CSV nor XLSX: save it as one of them
products-sheet-damaged = The XLSX file is damaged or protected by a password: save it again without a password
products-import-title = Import products
products-import-file = File
products-import-hint = CSV or XLSX, up to 20 MB, with heads in its first row. The file is kept for { $hours } hours at most, only you see it, and it is removed once it was imported.
products-import-upload = Upload
products-import-no-file = Choose a file
products-import-columns = Columns
products-import-columns-hint = These heads are recognised; you choose the others in the next step. An export of the list has them all.
products-import-mine = Your imports
products-import-state = State
products-import-rows = Rows
products-import-when = Uploaded
products-import-state-uploaded = Columns to choose
products-import-state-checking = Checking
products-import-state-checked = Checked
products-import-state-applying = Importing
products-import-state-applied = Imported
products-import-state-failed = Not imported
products-import-says-uploaded = { $total ->
    [one] { $total } row. Nothing is written before you have seen the report.
   *[other] { $total } rows. Nothing is written before you have seen the report.
}
products-import-says-checking = { $done } of { $total } rows compared.
products-import-says-checked = { $total } rows compared: { $new } new, { $changed } changed. Nothing is written yet.
products-import-says-applying = { $total } rows are being written, all of them or none.
products-import-says-applied = Imported: { $new } new, { $changed } changed.
products-import-says-failed = Nothing was written.
products-import-problem-stale = Products were changed since the report: upload the file again and check it again.
products-import-problem-internal = The import could not be carried out. Nothing was written; the log says why. Upload the file again.
products-import-choose = Which column is what?
products-import-head = Column of the file
products-import-field = Field
products-import-nameless = Column { $number }, without a name
products-import-leave-out = Not imported
products-import-check = Check the rows
products-import-check-hint = Nothing is written.
products-import-apply = Import
products-import-all = All rows or none.
products-import-discard = Discard the file
products-import-discarded = The file was removed.
products-import-no-reference = Choose the column that holds the internal reference
products-import-twice = Two columns are { $field }: choose one
products-import-report = Report
products-import-outcome = Outcome
products-import-every-row = All
products-import-no-row = No row.
products-import-line = Line
products-import-notes = Notes
products-import-nothing = The file changes nothing: all products are as it says.
products-import-refused-rows-why = { $count ->
    [one] { $count } row is refused. Correct the file and upload it again: it is imported whole or not at all.
   *[other] { $count } rows are refused. Correct the file and upload it again: it is imported whole or not at all.
}
product-import-refused-rows = The file has refused rows, or changes nothing: it is imported whole or not at all.
list-field-type = Type
list-is-no_barcode = Without barcode
list-is-archived = Archived
list-count-products = { $count ->
    [one] { $count } product
   *[other] { $count } products
}
list-count-products-many = { $count } products
