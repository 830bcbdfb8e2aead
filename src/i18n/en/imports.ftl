import-note-formula = { $field } holds a formula, or begins like one: write its value, or an apostrophe before it
import-note-repeats-products = The same internal reference stands on line { $line }: keep one of them
import-note-repeats-offers = Line { $line } means the same offer: keep one of them
import-note-shape = The row has { $found } cells instead of { $expected }: check its separators and quotes
import-row-new = New
import-row-changed = Changed
import-row-unchanged = Unchanged
import-row-refused = Refused
import-encoding-utf-8 = Read as CSV in UTF-8.
import-encoding-windows-1252 = Read as CSV in Windows-1252: look whether accents are right.
import-encoding-xlsx = Read from the first sheet of an XLSX file.
import-sheet-empty = The file is empty: choose one with a row of heads and rows below it
import-sheet-no-rows = The file has no row below its heads: add rows to it
import-sheet-too-large = The file is larger than 20 MB: split it, and import the parts one after the other
import-sheet-too-many-rows = The file has more than 200,000 rows: split it
import-sheet-too-many-columns = The file has more than 100 columns: remove those that are not imported
import-sheet-encoding = The letters of the file cannot be read: save it as CSV UTF-8
import-sheet-utf16 = The file is UTF-16: save it as CSV UTF-8
import-sheet-unknown = The file is neither CSV nor XLSX: save it as one of them
import-sheet-damaged = The XLSX file is damaged or protected by a password: save it again without a password
import-title-products = Import products
import-title-offers = Import offers
import-file = File
import-hint = CSV or XLSX, up to 20 MB, with heads in its first row. The file is kept for { $hours } hours at most, only you see it, and it is removed once it was imported.
import-upload = Upload
import-no-file = Choose a file
import-columns = Columns
import-columns-hint = These heads are recognised; you choose the others in the next step. An export of the list has them all.
import-mine = Your imports
import-state = State
import-rows = Rows
import-when = Uploaded
import-state-uploaded = Columns to choose
import-state-checking = Checking
import-state-checked = Checked
import-state-applying = Importing
import-state-applied = Imported
import-state-failed = Not imported
import-says-uploaded = { $total ->
    [one] { $total } row. Nothing is written before you have seen the report.
   *[other] { $total } rows. Nothing is written before you have seen the report.
}
import-says-checking = { $done } of { $total } rows compared.
import-says-checked = { $total } rows compared: { $new } new, { $changed } changed. Nothing is written yet.
import-says-applying = { $total } rows are being written, all of them or none.
import-says-applied = Imported: { $new } new, { $changed } changed.{ $lines ->
    [0] { "" }
    [one] { " " }{ $lines } order line took its product.
   *[other] { " " }{ $lines } order lines took their product.
}
import-says-failed = Nothing was written.
import-problem-stale = What is here was changed since the report: upload the file again and check it again.
import-problem-internal = The import could not be carried out. Nothing was written; the log says why. Upload the file again.
import-choose = Which column is what?
import-head = Column of the file
import-field = Field
import-nameless = Column { $number }, without a name
import-leave-out = Not imported
import-check = Check the rows
import-check-hint = Nothing is written.
import-apply = Import
import-all = All rows or none.
import-discard = Discard the file
import-discarded = The file was removed.
import-missing = Choose the column that holds: { $field }
import-twice = Two columns are { $field }: choose one
import-report = Report
import-outcome = Outcome
import-every-row = All
import-no-row = No row.
import-line = Line
import-notes = Notes
import-nothing = The file changes nothing: everything is as it says.
import-refused-rows-why = { $count ->
    [one] { $count } row is refused. Correct the file and upload it again: it is imported whole or not at all.
   *[other] { $count } rows are refused. Correct the file and upload it again: it is imported whole or not at all.
}
import-refused-rows = The file has refused rows, or changes nothing: it is imported whole or not at all.
import-account = Account
import-account-hint = The account of these offers, unless a column names it.
import-account-by-column = Named by a column
import-account-wrong = Choose the account of these offers, or the column that names it
import-about-products-components = A kit’s components are written REF-A x 2; REF-B: internal references, with “x” and the quantity where it is not 1, separated by semicolons. A reference that holds a semicolon, or ends like a quantity, stands in double quotes. An empty cell takes all components out. Components may be products of the same file.
import-about-offers = A row says which product a SKU sells. Without a marketplace it stands for every marketplace that its account follows; marketplaces are written as country codes (FR, DE) or Amazon’s identifiers. An empty internal reference makes offers that wait for a product, and takes none away. Order lines that wait for these SKUs take their product.
import-field-sku = Amazon SKU
import-field-reference = Internal reference of the product
import-field-marketplace = Marketplace
import-field-account = Account
import-note-sku = Amazon SKU must have between 1 and 40 characters
import-note-unknown-reference = No active product has the internal reference “{ $reference }”: correct it, or create the product
import-note-unknown-marketplace = “{ $marketplace }” is no marketplace in the region of the account
import-note-no-marketplace = The account follows no marketplace: name one
import-note-unknown-account = No account in use is called “{ $account }”
import-note-accounts-alike = Several accounts are called “{ $account }”: leave the cell empty and choose the account for the file
import-note-no-account = The row names no account: name one, or choose one for the file
import-note-offer-changed = { $marketplace }: { $old } → { $new }
import-note-kit-none = Only a kit has components: set its type to kit, or empty the cell
import-note-kit-itself = “{ $component }” is the kit itself: a kit cannot hold itself
import-note-kit-unreadable = Components cannot be read at “{ $part }”: write them as REF-A x 2; REF-B
import-note-kit-quotes = Components have a quote that is not closed: close it, or write REF-A x 2; REF-B
